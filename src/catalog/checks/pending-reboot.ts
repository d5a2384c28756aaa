import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { choice } from '../../model/options.ts';
import { fail, fieldsOf, pass, skip, unreadable, warn } from '../judging.ts';
import { compareVersions } from '../versions.ts';

export default defineCheck({
  name: 'pending-reboot',
  summary: 'No update waits for a restart.',
  options: {
    severity: choice('warn', ['warn', 'fail'], 'what a waiting restart is; fail before an exam'),
  },
  probe: {
    linux: () => sh`
read -r running < /proc/sys/kernel/osrelease && printf 'running=%s\n' "$running"
[ -e /run/reboot-required ] || [ -e /var/run/reboot-required ] && echo required=1
cd /lib/modules 2>/dev/null && for kernel in *; do [ -e "$kernel/modules.order" ] && printf 'kernel %s\n' "$kernel"; done
:`,
  },
  judge(output, { severity }) {
    const fields = fieldsOf(output.stdout);
    const running = fields.get('running') ?? '';
    if (!/^\d+\.\d+\S*$/.test(running)) return unreadable(output, 'the running kernel');
    const judge = severity === 'fail' ? fail : warn;
    const hint = 'restart it when no lesson is on';
    if (fields.has('required'))
      return judge('an update asks for a restart', { expected: 'no restart waiting', hint });
    const kernels = [...output.stdout.matchAll(/^kernel (\S+)$/gm)].map(([, name = '']) => name);
    if (kernels.length === 0)
      return skip('no kernel of its own (a container), and no update asks for a restart');
    const newer = kernels.filter(
      (name) => flavourOf(name) === flavourOf(running) && compareVersions(name, running) > 0,
    );
    const newest = newer.sort(compareVersions).at(-1);
    if (newest !== undefined)
      return judge(`runs ${running}, ${newest} is installed`, { expected: newest, hint });
    if (!kernels.includes(running))
      return judge(`runs ${running}, which is no longer installed`, {
        expected: kernels.sort(compareVersions).at(-1) ?? '',
        hint,
      });
    return pass(`runs ${running}, the newest installed`);
  },
});

/** The part that tells kernels for different machines apart: `amd64`, `generic`, `el8.x86_64`. */
function flavourOf(kernel: string): string {
  return /[-.]([a-z][\w.+-]*)$/i.exec(kernel)?.[1] ?? '';
}
