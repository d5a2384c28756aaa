/** The arguments of the `ufw` module. */
export interface UfwArgs {
  readonly state: string | undefined;
  readonly default: string | undefined;
  readonly logging: string | undefined;
  readonly direction: string | undefined;
  readonly rule: string | undefined;
  readonly delete: boolean;
  readonly route: boolean;
  readonly insert: number | undefined;
  readonly insert_relative_to: string;
  readonly interface: string | undefined;
  readonly interface_in: string | undefined;
  readonly interface_out: string | undefined;
  readonly log: boolean;
  readonly from_ip: string;
  readonly from_port: string | undefined;
  readonly to_ip: string;
  readonly to_port: string | undefined;
  readonly proto: string | undefined;
  readonly name: string | undefined;
  readonly comment: string | undefined;
}

/** What does not go together in a `ufw` task. */
export function ufwProblems(
  args: UfwArgs,
  isRendered: (name: keyof UfwArgs & string) => boolean,
): readonly string[] {
  const { state, rule, logging, direction, name, proto } = args;
  const wishes = [state, args.default, rule, logging];
  const known = (['state', 'default', 'rule', 'logging'] as const).every((key) => isRendered(key));
  const problems: string[] = [];
  if (known && wishes.every((wish) => wish === undefined))
    problems.push('say what is wanted: state, default, rule or logging');
  if (args.interface !== undefined && direction === undefined && isRendered('direction'))
    problems.push('interface needs direction');
  if (direction !== undefined && (args.interface_in ?? args.interface_out) !== undefined)
    problems.push('direction excludes interface_in and interface_out');
  if ([name, proto, logging].filter((each) => each !== undefined).length > 1)
    problems.push('name, proto and logging exclude each other');
  if (args.default !== undefined && (direction === 'in' || direction === 'out'))
    problems.push(
      'For default, direction must be one of "outgoing", "incoming" and "routed", or direction must not be specified.',
    );
  if (rule !== undefined && direction !== undefined && !['in', 'out'].includes(direction))
    problems.push(
      'For rules, direction must be one of "in" and "out", or direction must not be specified.',
    );
  if (!args.route && args.interface_in !== undefined && args.interface_out !== undefined)
    problems.push('Only route rules can combine interface_in and interface_out');
  return problems;
}

/** The words of `ufw` for a rule, in its long form (ufw(8), "RULE SYNTAX"). */
export function ruleWords(args: UfwArgs, place: number | undefined): readonly string[] {
  const pair = (word: string, value: string | undefined) =>
    value === undefined || value === '' ? [] : [word, value];
  return [
    ...(args.route ? ['route'] : []),
    ...(args.delete ? ['delete'] : []),
    ...(place === undefined ? [] : ['insert', String(place)]),
    args.rule ?? '',
    ...(args.direction === undefined ? [] : [args.direction]),
    ...pair('on', args.interface),
    ...(args.interface_in === undefined ? [] : ['in', 'on', args.interface_in]),
    ...(args.interface_out === undefined ? [] : ['out', 'on', args.interface_out]),
    ...(args.log ? ['log'] : []),
    ...pair('from', args.from_ip),
    ...pair('port', args.from_port),
    ...pair('to', args.to_ip),
    ...pair('port', args.to_port),
    ...pair('proto', args.proto),
    ...pair('app', args.name),
    ...pair('comment', args.comment),
  ];
}

/** Where a rule goes in, counted from 1; undefined at the end. `numbered` is what `ufw status numbered` prints. */
export function insertPlace(args: UfwArgs, numbered: string): number | undefined {
  const { insert, insert_relative_to } = args;
  if (insert === undefined || args.delete) return undefined;
  if (insert_relative_to === 'zero') return insert;
  const rules = numbered.split('\n').flatMap((line) => {
    const at = /^\[ *([0-9]+)\] /.exec(line)?.[1];
    return at === undefined ? [] : [{ at: Number(at), isV6: line.includes('(v6)') }];
  });
  const last = Math.max(0, ...rules.map(({ at }) => at));
  const v4 = rules.filter(({ isV6 }) => !isV6).map(({ at }) => at);
  const hasV6 = rules.some(({ isV6 }) => isV6);
  const base = {
    'first-ipv4': 1,
    'last-ipv4': v4.length > 0 ? Math.max(...v4) : 1,
    'first-ipv6': v4.length > 0 ? Math.max(...v4) + 1 : 1,
    'last-ipv6': hasV6 ? last : last + 1,
  }[insert_relative_to];
  const place = insert + (base ?? 0);
  // ufw refuses a place below the last rule
  return place > last ? undefined : place;
}
