import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { knownVariables } from '../../src/inventory/host-variables.ts';
import { renderJsonSchema } from '../../src/inventory/schema.ts';

/** The validator that eslint brings (ajv 6). It knows draft 7; what our schema uses means the same there. */
interface Validator {
  (data: unknown): boolean;
  errors: { dataPath: string; message: string }[] | null;
}
const { $schema: _, ...body } = renderJsonSchema();
const ajvModule = createRequire(createRequire(import.meta.url).resolve('eslint'))('ajv');
const validate: Validator = new ajvModule().compile(body);

function complaints(yaml: string): string[] {
  validate(parse(yaml));
  return (validate.errors ?? []).map((error) => `${error.dataPath} ${error.message}`);
}

describe('the JSON Schema of an inventory', () => {
  test('names its draft and describes every variable Labkit knows', () => {
    const schema = JSON.parse(JSON.stringify(renderJsonSchema()));
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    const described = schema.$defs.groupVars.properties;
    expect(Object.keys(described).sort()).toEqual([...knownVariables.keys()].sort());
    for (const entry of Object.values<{ description: string }>(described))
      expect(entry.description).toMatch(/^\S.*\.$/);
  });

  test('accepts a whole school: nested groups, rooms, ranges, empty hosts, other variables', () => {
    const found = complaints(`
all:
  vars: { ansible_user: tech, site_name: School 7, anything: [1, 2] }
  children:
    lab_a:
      vars:
        room: { title: 机房 A, maintainer: 王芳, subnet: 10.1.1.0/24, columns: 8, vlan: 110 }
      hosts:
        a01: { mac: "00:1a:2b:3c:4d:5e", ip: 10.1.1.21, seat: 1, class: student }
        a02:
          mac:
            - { addr: "00:1a:2b:3c:4d:5f", role: wired, primary: true }
            - { addr: "00:1a:2b:3c:4d:60", role: wifi }
          owner: { name: 李雷, id: "0123" }
        a[03:24]:
    empty:
      children:
`);
    expect(found).toEqual([]);
  });

  test.each([
    ['all: { hosts: { a01: { class: studnt } } }', 'class'],
    ['all: { hosts: { a01: { owner: { nmae: x } } } }', 'owner'],
    ['all: { hosts: { a01: { owner: { id: 0123 } } } }', 'owner'],
    ['all: { hosts: { a01: { mac: 001122334455 } } }', 'mac'],
    ['all: { hosts: { a01: { serial: 0012 } } }', 'serial'],
    ['all: { hosts: { a01: { protected: "yes" } } }', 'protected'],
    ['all: { vars: { room: { colums: 8 } } }', 'room'],
    ['all: { hosts: { a01: { mac: [{ role: wired }] } } }', 'mac'],
    ['all: { host: { a01: } }', 'all'],
    ['all: { hosts: [a01] }', 'hosts'],
  ])('complains about %s', (yaml, where) => {
    expect(complaints(yaml).join('\n')).toContain(where);
  });
});
