import { anyText, textArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { parseMoment } from '../moment.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { parseFloatText } from '../read-number.ts';
import { clockOf, localClock, strftime } from '../strftime.ts';
import { fail, isText, numberIn } from '../values.ts';

/** Filters for times. */
export const timeFilters: Plugins = {
  strftime: plugin('format second= utc=', (on, [format, second = null, utc = false]) => {
    const written = isText(second) ? parseFloatText(second) : numberIn(second);
    if (second !== null && written === undefined)
      fail(`Invalid value for epoch value (${anyText(second)})`);
    const ms = written === undefined ? on.engine.effects.nowMs() : Math.floor(written) * 1000;
    return strftime(textArgument(format), isTrue(utc) ? clockOf(ms, 0, 'GMT') : localClock(ms));
  }),
  to_datetime: plugin('value format=', (_, [value, format = '%Y-%m-%d %H:%M:%S']) =>
    parseMoment(textArgument(value), textArgument(format)),
  ),
};
