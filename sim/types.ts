/** The words of the simulated room: what is asked for, what is raised, and what a test can do with it. */

/** What can be wrong with a PC; each shows to a real SSH client as it would in a real room. */
export const faultNames = [
  'down',
  'silent',
  'frozen',
  'key-refused',
  'other-host-key',
  'slow',
  'disk-full',
  'reset',
  'refused',
  'apt-locked',
  'wrong-mac',
  'flood',
  'cloned',
] as const;
export type Fault = (typeof faultNames)[number];

/** One room to raise: its PCs are called by the room's name and a number, `a01` to `a12`, in the group `lab_a`. */
export interface RoomWish {
  /** One or more lower-case letters. */
  readonly name: string;
  readonly title?: string;
  readonly pcs: number;
}

export interface SimOptions {
  readonly rooms: readonly RoomWish[];
  /** By host name. */
  readonly faults?: Readonly<Record<string, Fault>>;
  /** The run folder; made by the sim, and gone when the room is. A fresh one under /run/labkit-sim by default. */
  readonly folder?: string;
  /** The account the inventory names. */
  readonly user?: Account;
  /** Outlives this process; `down` ends it. */
  readonly keep?: boolean;
}

/** root and labadmin (sudo without password) by key; tech by key or password (sudo asks for it). */
export const accounts = ['root', 'tech', 'labadmin'] as const;
export type Account = (typeof accounts)[number];

/** One PC as it was planned. */
export interface Pc {
  readonly name: string;
  readonly room: string;
  readonly seat: string;
  readonly mac: string;
  readonly ip: string;
  readonly gateway: string;
  readonly machineId: string;
  readonly serial: string;
  readonly uuid: string;
  readonly owner: { readonly name: string; readonly id: string; readonly department: string };
  readonly teacher: boolean;
}

/** A finished program; `exitCode` is 128 + the signal's number for one that was killed. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** 'inherit' hands the terminal through; nothing is collected then. */
  readonly stdio?: 'collect' | 'inherit';
}

/** A raised room. */
export interface Sim extends AsyncDisposable {
  readonly folder: string;
  readonly inventoryPath: string;
  /** Every PC's host key as it was when the room was raised, by address and by name. */
  readonly knownHostsPath: string;
  /** The private key that opens all three accounts of every PC. */
  readonly keyFile: string;
  /** Holds the password of `tech`. */
  readonly passwordFile: string;
  readonly pcs: readonly Pc[];
  /** The first process of the room, as this machine counts processes. */
  readonly supervisorPid: number;
  /** The faults that are in force now. */
  knownFaults(): Record<string, Fault>;
  /** Runs a program in the network of the room's controller: the machine's files, the room's network. */
  exec(argv: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Replaces whatever fault the PC has. */
  setFault(host: string, fault: Fault): Promise<void>;
  clearFault(host: string): Promise<void>;
  /** The PC's first process, as this machine counts processes. */
  pidOf(host: string): number;
  /** Runs a program inside a PC as root, past its network and SSH server. */
  inside(host: string, argv: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Ends the room; returns when its processes and its folder are gone. */
  close(): Promise<void>;
}
