import { LabError } from '../../model/lab-error.ts';
import { isLive, openArming } from '../arming/open-arming.ts';
import { endOf, type HostWork, type ReinstallWanted, type StageEnd } from './host-work.ts';
import { makeOrder } from './plan-rows.ts';

/** Permits one installation of one confirmed host, or takes up the one that an earlier controller had permitted: what was written is not written again. */
export async function armHost(work: HostWork, wanted: ReinstallWanted): Promise<StageEnd> {
  const { effects, target, teller } = work;
  const earlier = wanted.earlier?.get(target.host.name);
  const known = earlier && effects.armings.load(earlier.order.id);
  if (known) {
    work.arming = known;
    teller.tell(known);
    const gaveUp = known.state === 'installed' && known.reason !== '';
    if (isLive(known) || (known.state === 'installed' && !gaveUp))
      return { outcome: 'ok', evidence: `armed by run ${known.order.run}, now at ${known.stage}` };
    return endOf(known);
  }
  if (wanted.present && wanted.present.get(target.host.name) !== target.row.digest)
    throw new LabError(
      'refused',
      'it is not what was confirmed any more: the inventory, its profile, or who uses it changed meanwhile',
      'look at it and confirm it anew: lab reinstall',
    );
  const armedAt = effects.now();
  const order = makeOrder(target.row, {
    id: effects.newId(),
    run: wanted.run,
    armedAt,
    expiresAt: armedAt + wanted.expiresMs,
  });
  const arming = openArming(order);
  effects.armings.arm(arming);
  work.arming = arming;
  teller.tell(arming);
  return { outcome: 'changed', evidence: `until ${new Date(order.expiresAt).toISOString()}` };
}
