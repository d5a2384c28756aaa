import { type Located, positionOf } from '../model/located.ts';
import { hintFor, type ReportProblem } from './profile-problem.ts';
import { type ProfileRule, type SelectorName, selectorNames } from './site-profile.ts';

/** Reads `for:` of a site's profile: a list of mappings, each selector with a text or a list of texts. */
export function readRules(node: Located | undefined, report: ReportProblem): ProfileRule[] {
  if (node === undefined) return [];
  if (node.kind !== 'list') {
    report(node, 'for', '"for" must be a list', 'begin each rule with "- ", such as - room: lab_a');
    return [];
  }
  return node.items.map((item, index) => readRule(item, `for[${index}]`, report));
}

function readRule(node: Located, path: string, report: ReportProblem): ProfileRule {
  const selectors = new Map<SelectorName, readonly string[]>();
  if (node.kind !== 'map' || node.entries.length === 0)
    report(
      node,
      path,
      'a rule says which hosts it is for',
      `write one of ${selectorNames.join(', ')}`,
    );
  for (const { key, value } of node.kind === 'map' ? node.entries : []) {
    const name = selectorNames.find((one) => one === key.text);
    const texts = readTexts(value);
    if (name === undefined)
      report(
        key,
        `${path}.${key.text}`,
        `hosts cannot be selected by "${key.text}"`,
        hintFor(key.text, selectorNames),
      );
    else if (texts === undefined)
      report(
        value,
        `${path}.${key.text}`,
        `"${key.text}" is not understood`,
        'write a text or a list of texts',
      );
    else selectors.set(name, texts);
  }
  return { selectors, at: positionOf(node) };
}

function readTexts(node: Located): readonly string[] | undefined {
  const items = node.kind === 'list' ? node.items : [node];
  const texts = items.map((item) => (item.kind === 'scalar' ? item.text : ''));
  return texts.length > 0 && texts.every((text) => text !== '') ? texts : undefined;
}
