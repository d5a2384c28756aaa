import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockArgs, editBlock } from '../../../src/catalog/modules/parts/edit-block.ts';
import type { Editing } from '../../../src/catalog/modules/parts/edit-file.ts';
import { editIni, type IniArgs } from '../../../src/catalog/modules/parts/edit-ini.ts';
import { editLines, type LineArgs } from '../../../src/catalog/modules/parts/edit-lines.ts';

const common = {
  path: '/x',
  create: false,
  backup: false,
  unsafe_writes: false,
  validate: undefined,
};
const lineArgs: LineArgs = {
  ...common,
  ...{ state: 'present', line: undefined, regexp: undefined, search_string: undefined },
  ...{ insertafter: undefined, insertbefore: undefined, backrefs: false, firstmatch: false },
};
const blockArgs: BlockArgs = {
  ...common,
  ...{ state: 'present', block: '', insertafter: undefined, insertbefore: undefined },
  ...{ marker: '# {mark} ANSIBLE MANAGED BLOCK', marker_begin: 'BEGIN', marker_end: 'END' },
};
const iniArgs: IniArgs = {
  ...common,
  ...{ section: undefined, option: undefined, value: undefined, values: undefined },
  ...{ state: 'present', exclusive: true, no_extra_spaces: false, allow_no_value: false },
};

function textOf(editing: Editing): string {
  if ('failed' in editing) throw new Error(editing.failed);
  return editing.text;
}

const word = fc.constantFrom('a', 'b', 'key = 1', '#key = 2', '[s]', '[t]', '', ' ', 'x=y');
const text = fc
  .tuple(fc.array(word, { maxLength: 8 }), fc.boolean())
  .map(([lines, closed]) => lines.join('\n') + (closed && lines.length > 0 ? '\n' : ''));

const python = `
import json, os, sys, tempfile
from unittest import mock
import importlib
def run(name, args, text):
    module = importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        return edit(module, args, os.path.join(folder, 'x'), text)
def edit(module, args, path, text):
    open(path, 'wb').write(text.encode('latin-1'))
    class Done(Exception): pass
    def end(self, **kw):
        raise Done(kw)
    from ansible.module_utils import basic
    basic._ANSIBLE_ARGS = json.dumps({'ANSIBLE_MODULE_ARGS': dict(args, path=path)}).encode()
    with mock.patch.object(basic.AnsibleModule, 'exit_json', end), mock.patch.object(basic.AnsibleModule, 'fail_json', end):
        try:
            module.main()
        except Done as done:
            kw = done.args[0]
    return {'text': open(path, 'rb').read().decode('latin-1'), 'changed': kw.get('changed', False), 'msg': kw.get('msg')}
print(json.dumps([run(*each) for each in json.load(sys.stdin)]))
`;

/** Runs real modules of Ansible over texts, all in one process. */
function askAnsible(name: string, cases: readonly (readonly [object, string])[]) {
  const input = JSON.stringify(cases.map(([args, content]) => [name, args, content]));
  const answer = execFileSync('/usr/bin/python3', ['-W', 'ignore', '-c', python], { input });
  return JSON.parse(answer.toString()) as { text: string; changed: boolean; msg: string }[];
}

function defined(args: object): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

// the same cases each time: what differs from the real modules is found by trying other seeds, not by chance
const seed = 2026;

describe('lines of a file', () => {
  const choice = fc.record({
    line: fc.constantFrom('a', 'key = 1', 'new'),
    regexp: fc.constantFrom(undefined, '^key', '^#?key\\s', 'nothing', '^a$'),
    place: fc.constantFrom(
      {},
      { insertafter: 'EOF' },
      { insertafter: '^b' },
      { insertbefore: '^b' },
      { insertbefore: 'BOF' },
      { insertafter: '^nope' },
    ),
    firstmatch: fc.boolean(),
  });

  it('are edited as by the real module', () => {
    const cases = fc
      .sample(fc.tuple(choice, text), { numRuns: 150, seed })
      .map(([{ line, regexp, place, firstmatch }, content]) => {
        const args = { line, regexp, firstmatch, ...place };
        return [args, content] as const;
      });
    const theirs = askAnsible(
      'ansible.modules.lineinfile',
      cases.map(([args, content]) => [defined(args), content]),
    );
    for (const [index, [args, content]] of cases.entries()) {
      const ours = editLines(content, { ...lineArgs, ...args });
      const wanted = theirs[index];
      // the real one glues a line to a last line without an end; ours does not
      const isGlued =
        !content.endsWith('\n') && 'insertafter' in args && wanted?.text !== textOf(ours);
      if (!isGlued) expect({ args, content, ...ours }).toMatchObject({ args, content, ...wanted });
    }
    expect(theirs.length).toBe(150);
  });

  it('are not edited again by a second run when the pattern knows the line', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (content, firstmatch) => {
        const args = { ...lineArgs, line: 'key = 1', regexp: '^#?key =', firstmatch };
        const once = textOf(editLines(content, args));
        expect(editLines(once, args)).toMatchObject({ changed: false, text: once });
      }),
    );
  });
});

describe('a block of a file', () => {
  const choice = fc.record({
    block: fc.constantFrom('', 'one', 'one\ntwo\n', '[s]'),
    state: fc.constantFrom('present', 'absent'),
    place: fc.constantFrom(
      {},
      { insertafter: '^b' },
      { insertbefore: '^b' },
      { insertbefore: 'BOF' },
      { insertafter: '(?m)^a$' },
    ),
  });
  const begin = '# BEGIN ANSIBLE MANAGED BLOCK';
  const end = '# END ANSIBLE MANAGED BLOCK';
  const marked = fc
    .array(fc.oneof({ weight: 3, arbitrary: word }, fc.constantFrom(begin, end)), { maxLength: 9 })
    .map((lines) => (lines.length > 0 ? `${lines.join('\n')}\n` : ''));

  it('is edited as by the real module, and not again by a second run', () => {
    const cases = fc
      .sample(fc.tuple(choice, marked), { numRuns: 150, seed })
      .map(([{ block, state, place }, content]) => {
        return [{ block, state, ...place }, content] as const;
      });
    const theirs = askAnsible('ansible.modules.blockinfile', cases);
    for (const [index, [args, content]] of cases.entries()) {
      const ours = editBlock(content, { ...blockArgs, ...args });
      expect({ args, content, ...ours }).toMatchObject({ args, content, ...theirs[index] });
    }
    expect(theirs.length).toBe(150);
  });
});

describe('an INI file', () => {
  const choice = fc.record({
    section: fc.constantFrom(undefined, 's', 'n'),
    option: fc.constantFrom('key', 'x', 'o'),
    values: fc.constantFrom(['1'], ['2'], ['2', '1'], ['v']),
    state: fc.constantFrom('present', 'present', 'absent'),
    exclusive: fc.boolean(),
    no_extra_spaces: fc.boolean(),
  });

  it('is edited as by the real module', () => {
    const cases = fc
      .sample(fc.tuple(choice, text), { numRuns: 200, seed })
      .map(([args, content]) => [defined(args), content] as const);
    const theirs = askAnsible(
      'ansible_collections.community.general.plugins.modules.ini_file',
      cases,
    );
    for (const [index, [args, content]] of cases.entries()) {
      const ours = editIni(content, { ...iniArgs, ...args });
      expect({ args, content, ...ours }).toMatchObject({ args, content, ...theirs[index] });
    }
    expect(theirs.length).toBe(200);
  });
});
