import type { Arming, ArmingState, ArmingStore, BootAlert } from '../model/boot.ts';
import { LabError } from '../model/lab-error.ts';
import type { Database, Row } from './database.ts';

const keptAlerts = 1000;
const keptEnded = 2000;
const longestText = 300;
const liveStates: ReadonlySet<ArmingState> = new Set(['armed', 'booting', 'writing']);

/** Armed boots in the state database: every call is one transaction, on the disk before it returns wherever more than progress changed. */
export function openArmingStore(database: Database): ArmingStore {
  const read = (sql: string, ...values: string[]) => database.all(sql, ...values).map(toArming);
  return {
    arm: (arming) => database.transaction(() => insert(database, arming)),
    load: (id) => read('SELECT content FROM armings WHERE id = ?', id)[0],
    list: (which) =>
      read(
        which === 'live'
          ? 'SELECT content FROM armings WHERE live = 1 ORDER BY seq DESC'
          : 'SELECT content FROM armings ORDER BY seq DESC',
      ),
    findByMac: (mac) =>
      read(
        'SELECT content FROM arming_addresses JOIN armings USING (seq) WHERE mac = ? ORDER BY seq DESC LIMIT 1',
        mac,
      )[0],
    findBySecret: (hash) => (hash === '' ? undefined : read(bySecret, hash, hash)[0]),
    update: (id, change) => update(database, id, change),
    version: () => Number(database.all('SELECT version FROM arming_version')[0]?.['version'] ?? 0),
    note: (alert) => database.transaction(() => keepAlert(database, alert), 'quick'),
    loadAlerts: () =>
      database
        .all('SELECT content FROM boot_alerts ORDER BY seq')
        .map(({ content }) => JSON.parse(String(content)) as BootAlert),
  };
}

const bySecret =
  "SELECT content FROM armings WHERE (token_hash = ? AND token_hash <> '') OR (session_hash = ? AND session_hash <> '') LIMIT 1";

const toArming = ({ content }: Row): Arming => JSON.parse(String(content));
const liveFlag = (arming: Arming): number => (liveStates.has(arming.state) ? 1 : 0);

function insert(database: Database, arming: Arming): void {
  const { order } = arming;
  const taken = database
    .all(
      `SELECT DISTINCT armings.host, mac FROM armings LEFT JOIN arming_addresses USING (seq)
       WHERE live = 1 AND (host = ? OR mac IN (SELECT value FROM json_each(?)))`,
      order.host,
      JSON.stringify(order.macs),
    )
    .at(0);
  if (taken) throw refusal(order.host, String(taken['host']), String(taken['mac']));
  database.run(
    'INSERT INTO armings (id, host, live, token_hash, session_hash, content) VALUES (?, ?, ?, ?, ?, ?)',
    ...[order.id, order.host, liveFlag(arming), arming.tokenHash, arming.sessionHash],
    JSON.stringify(arming),
  );
  for (const mac of new Set(order.macs))
    database.run(
      'INSERT INTO arming_addresses (mac, seq) SELECT ?, seq FROM armings WHERE id = ?',
      ...[mac, order.id],
    );
  database.run(
    'DELETE FROM armings WHERE live = 0 AND seq <= (SELECT max(seq) FROM armings) - ?',
    keptEnded,
  );
  countUp(database);
}

function refusal(host: string, holder: string, mac: string): LabError {
  const message =
    holder === host
      ? `${host} is armed already`
      : `${host} shares the address ${mac} with ${holder}, which is armed`;
  return new LabError('refused', message, `wait for it, or end it with "lab disarm ${holder}"`);
}

/** Replaces one by what `change` makes of it. Progress alone waits for no disk: a target tells it every other second. */
function update(database: Database, id: string, change: (arming: Arming) => Arming): Arming {
  const attempt = (durability: 'quick' | 'durable') =>
    database.transaction(() => {
      const [row] = database.all('SELECT content FROM armings WHERE id = ?', id);
      if (!row)
        throw new LabError('usage', `there is no armed boot ${id}`, 'see "lab netboot status"');
      const before = toArming(row);
      const after = change(before);
      if (after === before) return before;
      if (durability === 'quick' && !isProgress(before, after)) return undefined;
      replace(database, id, after);
      return after;
    }, durability);
  return attempt('quick') ?? (attempt('durable') as Arming);
}

function replace(database: Database, id: string, arming: Arming): void {
  database.run(
    'UPDATE armings SET live = ?, token_hash = ?, session_hash = ?, content = ? WHERE id = ?',
    ...[liveFlag(arming), arming.tokenHash, arming.sessionHash, JSON.stringify(arming), id],
  );
  countUp(database);
}

/** Whether nothing changed but how far the target is and when it was heard. */
function isProgress(before: Arming, after: Arming): boolean {
  const { progress, heardAt, address } = before;
  return JSON.stringify({ ...after, progress, heardAt, address }) === JSON.stringify(before);
}

function countUp(database: Database): void {
  database.run('UPDATE arming_version SET version = version + 1');
}

function keepAlert(database: Database, alert: BootAlert): void {
  const cut = Object.entries(alert).map(([name, text]) => [
    name,
    String(text).slice(0, longestText),
  ]);
  database.run(
    'INSERT INTO boot_alerts (content) VALUES (?)',
    JSON.stringify(Object.fromEntries(cut)),
  );
  database.run(
    'DELETE FROM boot_alerts WHERE seq <= (SELECT max(seq) FROM boot_alerts) - ?',
    keptAlerts,
  );
}
