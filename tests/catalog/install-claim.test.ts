import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimSystem } from '../../src/catalog/install-claim.ts';
import { makeProfileContext } from '../helpers/make-profile.ts';
import {
  describeInRoots,
  openThrowawayRoot,
  type ThrowawayRoot,
} from '../helpers/throwaway-root.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQ3 zhang@office';

/** In the place of the boot service: keeps what was told, answers what stands in /root/answer. */
const service = `cat >/usr/local/bin/curl <<'END'
#!/bin/sh
for word; do :; done
echo "$word" >>/root/asked
cat /root/answer
END
chmod 755 /usr/local/bin/curl; echo go >/root/answer
`;

describeInRoots.each(['dash', 'bash', 'busybox'] as const)(
  'a system that an installer brought, claimed under %s',
  (sh) => {
    let root: ThrowawayRoot;
    beforeEach(async () => {
      root = await openThrowawayRoot({
        sh,
        base: '/',
        env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      });
      expect(root.run(service)).toEqual({ exitCode: 0, output: '' });
    });
    afterEach(() => root.close());

    const claim = (
      more: { root?: string; user?: string; keys?: string[]; sudoGroup?: 'wheel' } = {},
    ) => {
      const { user = 'tech', keys = [key] } = more;
      const context = makeProfileContext({ options: { user }, sshKeys: keys });
      const system = {
        root: more.root ?? '',
        profile: 'rocky-9',
        sudoGroup: more.sudoGroup ?? ('sudo' as const),
      };
      return root.run(claimSystem(context, system)).exitCode;
    };
    const asked = () => root.run('cat /root/asked').output.trim().split('\n');
    const failed = (step: string) =>
      `http://10.1.0.2:8080/boot/report/SESSION?stage=failed&reason=the+new+system+could+not+be+claimed:+${step.replaceAll(' ', '+')}`;

    it.each(['', '/'])(
      'belongs to the technicians, has one host key, its mark, and tells the key at its end (root %j)',
      (place) => {
        expect(claim({ root: place })).toBe(0);
        const [type, text] = root.run('cat /etc/ssh/ssh_host_ed25519_key.pub').output.split(' ');
        const told = encodeURIComponent(`${type} ${text}`.trim());
        expect(asked()).toEqual([
          `http://10.1.0.2:8080/boot/report/SESSION?stage=installed&hostkey=${told}`,
        ]);
        expect(
          root.run('cat /etc/labkit/image; ls /etc/ssh/ssh_host_*').output.trim().split('\n'),
        ).toEqual([
          'rocky-9 -',
          '/etc/ssh/ssh_host_ed25519_key',
          '/etc/ssh/ssh_host_ed25519_key.pub',
        ]);
        for (const home of ['/root', '/home/tech'])
          expect(root.run(`cat ${home}/.ssh/authorized_keys`).output).toBe(`${key}\n`);
        expect(
          root.run('stat -c "%U %a" /home/tech/.ssh/authorized_keys /etc/sudoers.d/labkit').output,
        ).toBe('tech 600\nroot 440\n');
        expect(root.run('visudo -cq -f /etc/sudoers.d/labkit').exitCode).toBe(0);
        expect(root.run('getent shadow tech | cut -d: -f2').output).toBe('!\n');
      },
    );

    it.each([
      ['no group that may use sudo', { sudoGroup: 'wheel' as const }, ':', 'the account tech'],
      ['no key of a technician', { keys: [] }, ':', 'the keys of root'],
      ['no place for keys', {}, 'rm -rf /root/.ssh; echo >/root/.ssh', 'the keys of root'],
      ['no place for its mark', {}, 'rm -rf /etc/labkit; echo >/etc/labkit', 'the mark of Labkit'],
      ['no ssh-keygen', {}, 'rm /usr/bin/ssh-keygen', 'its host key'],
      [
        'a ssh-keygen that makes nothing',
        {},
        'ln -sf /bin/true /usr/bin/ssh-keygen',
        'its host key',
      ],
      [
        'a host key without a text',
        {},
        'printf "#!/bin/sh\\necho ssh-ed25519 >/etc/ssh/ssh_host_ed25519_key.pub\\n" >/root/k; chmod 755 /root/k; ln -sf /root/k /usr/bin/ssh-keygen',
        'its host key',
      ],
    ])('is not told to be installed with %s: it failed, at this step', (_, more, broken, step) => {
      root.run(broken);
      expect(claim(more)).not.toBe(0);
      expect(asked()).toEqual([failed(step)]);
    });

    it('has failed when nobody takes that it is installed', () => {
      root.run('echo "stop it was disarmed" >/root/answer');
      expect(claim()).not.toBe(0);
      expect(asked()).toEqual([
        expect.stringContaining('stage=installed'),
        failed('telling that it is installed'),
      ]);
    });
  },
);
