import { describe, expect, test } from 'vitest';
import { transferScript } from '../../bench/comparisons/copy.ts';
import {
  ansibleLine,
  clushLine,
  psshLine,
  renderAnsibleConfig,
  renderAnsibleInventory,
  renderSshConfig,
  sshLine,
  tunedSshOptions,
} from '../../bench/peers.ts';

const hosts = ['a01', 'a02'];
const options = tunedSshOptions;

describe('command lines of the peers', () => {
  test('clush gets its ssh options as one text', () => {
    expect([...clushLine('/b/ssh_config', hosts, { options, flags: ['-t', '5'] }), 'true']).toEqual(
      [
        ...['clush', '-f', '64', '-t', '5', '-w', 'a01,a02', '-o'],
        '-F /b/ssh_config -o KexAlgorithms=curve25519-sha256 -o Ciphers=aes128-gcm@openssh.com',
        'true',
      ],
    );
  });
  test('clush with defaults is given the settings file alone', () => {
    expect(clushLine('/b/ssh_config', hosts).at(-1)).toBe('-F /b/ssh_config');
  });
  test('parallel-ssh gets one option each', () => {
    expect(psshLine('/b/ssh_config', hosts, { options, flags: ['-t', '10'] })).toEqual([
      ...[
        'parallel-ssh',
        '-p',
        '64',
        '-t',
        '10',
        '-H',
        'a01',
        '-H',
        'a02',
        '-x',
        '-F /b/ssh_config',
      ],
      ...['-O', 'KexAlgorithms=curve25519-sha256', '-O', 'Ciphers=aes128-gcm@openssh.com'],
    ]);
  });
  test('ssh gets its host last, before the command', () => {
    expect(sshLine('/b/ssh_config', 'a02')).toEqual(['ssh', '-F', '/b/ssh_config', 'a02']);
    expect(sshLine('/b/ssh_config', 'a02', ['Ciphers=x']).slice(3)).toEqual([
      '-o',
      'Ciphers=x',
      'a02',
    ]);
  });
  test('Ansible gets no empty argument', () => {
    expect(ansibleLine('/b/hosts', 'setup', '')).not.toContain('-a');
    expect(ansibleLine('/b/hosts', 'raw', 'true', ['-T', '5'])).toEqual([
      ...['ansible', 'all', '-i', '/b/hosts', '-T', '5', '-m', 'raw', '-a', 'true'],
    ]);
  });
});

describe('settings of the peers', () => {
  const pcs = [
    { name: 'a01', ip: '10.77.1.11' },
    { name: 'a02', ip: '10.77.1.12' },
  ];
  test('ssh knows every PC by name and shares no connection, so that no process outlives its measurement', () => {
    const config = renderSshConfig({ keyFile: '/b/key', knownHosts: '/b/known', hosts: pcs });
    expect(config).toContain('Host a02\n  HostName 10.77.1.12\nHost *\n');
    expect(config).toContain('\n  ControlMaster no\n');
    expect(config).toContain('\n  UserKnownHostsFile /b/known\n');
  });
  test('Ansible is tuned: 64 forks, pipelining', () => {
    const config = renderAnsibleConfig('/b/ssh_config');
    expect(config).toContain('forks = 64\n');
    expect(config).toContain('pipelining = True\n');
    expect(config).toContain('ssh_args = -F /b/ssh_config -o ControlMaster=no\n');
  });
  test('Ansible gets one host a line', () => {
    expect(renderAnsibleInventory(pcs).split('\n')[1]).toBe(
      'a02 ansible_host=10.77.1.12 ansible_user=root',
    );
  });
});

test('transfers start all at once and the script fails when one does', () => {
  expect(transferScript(hosts, (host) => `send ${host}`)).toBe(
    'send a01 & all="$all $!"\nsend a02 & all="$all $!"\nfor each in $all; do wait "$each" || exit 1; done',
  );
});
