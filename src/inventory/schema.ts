import {
  connectionVariables,
  hostVariables,
  objectOf,
  roomVariable,
  type SchemaPart,
} from './host-variables.ts';

/** The JSON Schema (draft 2020-12) of an Ansible YAML inventory with Labkit's variables, for editors such as those using yaml-language-server. Variables nobody knows are allowed, as Ansible allows them. */
export function renderJsonSchema(): SchemaPart {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Labkit inventory',
    description: 'Ansible YAML inventory with the variables that Labkit understands.',
    type: ['object', 'null'],
    additionalProperties: { $ref: '#/$defs/group' },
    $defs: {
      group: groupSchema(),
      hostVars: orNothing(objectOf([...hostVariables, ...connectionVariables], [], true)),
      groupVars: orNothing(
        objectOf([...hostVariables, roomVariable, ...connectionVariables], [], true),
      ),
    },
  };
}

function groupSchema(): SchemaPart {
  return {
    description: 'A set of hosts and groups; a room when vars has `room`.',
    type: ['object', 'null'],
    properties: {
      hosts: {
        description: 'Host names or ranges such as pc[01:24], each with its variables.',
        type: ['object', 'null'],
        additionalProperties: { $ref: '#/$defs/hostVars' },
      },
      children: {
        description: 'Groups within this group.',
        type: ['object', 'null'],
        additionalProperties: { $ref: '#/$defs/group' },
      },
      vars: { description: 'Variables of all its hosts.', $ref: '#/$defs/groupVars' },
    },
    additionalProperties: false,
  };
}

function orNothing(schema: SchemaPart): SchemaPart {
  return { ...schema, type: ['object', 'null'] };
}
