import { isTrue } from './compare.ts';
import { fail, type Py } from './values.ts';

/**
 * How the parts of a condition are judged: as Python does, but text that Ansible judges one way or the other, depending on where it came from, is refused:
 * "False" (false from a template, true from a result), and with braces any text, which Ansible would evaluate once more.
 */
export function judgedTruth(hasBraces: boolean): (value: Py) => boolean {
  return (value) => {
    if (typeof value !== 'string' || value === '') return isTrue(value);
    if (hasBraces && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    if (hasBraces)
      fail(
        `the condition gives the text ${JSON.stringify(value)}, no boolean; leave the braces out`,
      );
    if (value === 'False')
      fail('the condition gives the text "False", no boolean; write | bool behind it');
    return true;
  };
}
