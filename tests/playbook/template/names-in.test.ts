import { describe, expect, it } from 'vitest';
import { namesIn } from '../../../src/playbook/template/templar.ts';

const names = (text: string, as: 'template' | 'expression' = 'template'): string[] | 'all' => {
  const found = namesIn(text, as);
  return found === 'all' ? found : [...found].sort();
};

describe('the names in a template', () => {
  it('are those it may look up, wherever they stand', () => {
    expect(
      names('{{ a.b[c] | default(d) }}{% if e is defined %}{{ f if g else h }}{% endif %}'),
    ).toEqual(['a', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(names('a and not b', 'expression')).toEqual(['a', 'b']);
    expect(names('{% for x in y %}{% set z = v %}{% endfor %}')).toEqual(['v', 'y']);
    expect(names('{{ broken')).toEqual([]);
  });

  it('hold the facts it takes from ansible_facts', () => {
    expect(names("{{ ansible_facts['distribution'] }} {{ ansible_facts.kernel }}")).toEqual([
      'ansible_distribution',
      'ansible_facts',
      'ansible_kernel',
      'distribution',
      'kernel',
    ]);
    expect(names('{{ ansible_facts }}')).toBe('all');
    expect(names('{{ ansible_facts | to_json }}')).toBe('all');
  });

  it('hold what it takes from other hosts', () => {
    expect(names("{{ hostvars[h]['ansible_hostname'] }}")).toEqual([
      'ansible_hostname',
      'h',
      'hostvars',
    ]);
    expect(names('{{ hostvars[h].ansible_facts.kernel }}')).toContain('ansible_kernel');
    expect(names("{{ groups.all | map('extract', hostvars, 'ansible_host') | list }}")).toEqual([
      'ansible_host',
      'groups',
      'hostvars',
    ]);
    expect(names("{{ 'a' | extract(hostvars, ['ansible_eth0', 'ipv4']) }}")).toContain(
      'ansible_eth0',
    );
    expect(names('{{ hostvars | to_json }}')).toBe('all');
    expect(names('{{ hostvars[h] }}')).toBe('all');
  });

  it('are all where they cannot be told', () => {
    expect(names("{{ lookup('vars', 'a' ~ b) }}")).toBe('all');
    expect(names("{{ lookup('vars', 'plain') }}")).toEqual(['lookup', 'plain']);
    expect(names("{{ lookup('template', 'x.j2') }}")).toBe('all');
    expect(names("{% include 'x.j2' %}")).toBe('all');
    expect(names('{{ vars }}')).toBe('all');
    expect(names("{{ vars['a'] }}")).toEqual(['a', 'vars']);
    expect(names("{{ lookup(which, 'x') }}")).toBe('all');
  });
});
