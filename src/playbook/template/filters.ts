import { addressFilters } from './filters/addresses.ts';
import { choiceFilters } from './filters/choices.ts';
import { combinationFilters } from './filters/combinations.ts';
import { commentFilters } from './filters/comment.ts';
import { dictFilters } from './filters/dicts.ts';
import { encodingFilters } from './filters/encodings.ts';
import { flattenFilters } from './filters/flatten.ts';
import { queryFilters } from './filters/json-query.ts';
import { markupFilters } from './filters/markup.ts';
import { numberFilters } from './filters/numbers.ts';
import { passwordFilters } from './filters/passwords.ts';
import { pathFilters } from './filters/paths.ts';
import { randomFilters } from './filters/random.ts';
import { regexFilters } from './filters/regexes.ts';
import { selectFilters } from './filters/select.ts';
import { sequenceFilters } from './filters/sequences.ts';
import { setFilters } from './filters/sets.ts';
import { textFilters } from './filters/texts.ts';
import { timeFilters } from './filters/times.ts';
import { urlFilters } from './filters/urls.ts';
import { wrapFilters } from './filters/wrap.ts';
import type { Plugins } from './plugin.ts';

/** Every filter by its short name: those of Jinja2, of ansible.builtin, and a few of ansible.utils and community.general. */
export const filters: Plugins = {
  ...sequenceFilters,
  ...selectFilters,
  ...setFilters,
  ...flattenFilters,
  ...combinationFilters,
  ...dictFilters,
  ...textFilters,
  ...wrapFilters,
  ...markupFilters,
  ...urlFilters,
  ...commentFilters,
  ...numberFilters,
  ...regexFilters,
  ...encodingFilters,
  ...passwordFilters,
  ...pathFilters,
  ...timeFilters,
  ...randomFilters,
  ...choiceFilters,
  ...addressFilters,
  ...queryFilters,
};
