import { textArgument } from '../arguments.ts';
import { parseQuery } from '../jmespath-parse.ts';
import { runQuery } from '../jmespath-run.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { defined } from '../values.ts';

export const queryFilters: Plugins = {
  json_query: plugin('value expr', (_, [value, query]) =>
    runQuery(parseQuery(textArgument(query, 'json_query')), defined(value)),
  ),
};
