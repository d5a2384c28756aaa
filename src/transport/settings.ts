import type { Host } from '../model/host.ts';

/** Gives secrets when a host needs them; asked at most once per host (or key file), and never passed on in an argument, an environment variable or a message. */
export interface TransportSecrets {
  /** The login password; undefined when the host is reached by key. */
  password(host: Host): Promise<string | undefined>;
  /** The password `sudo` asks for; undefined when it must do without (`sudo -n`). */
  becomePassword(host: Host): Promise<string | undefined>;
  /** The passphrase of a private key file; undefined when there is none to give. */
  passphrase(keyFile: string): Promise<string | undefined>;
}

/** What to do with host keys nobody has seen yet: keep them, refuse them, or look at nothing but keys of our own file. A key that differs from a recorded one is refused in all three. */
export type HostKeyCheck = 'accept-new' | 'strict' | 'off';

/** How sessions are opened. Nothing is read from the environment: the caller names every file. */
export interface TransportSettings {
  /** Our own known_hosts file; written by `accept-new`. Made, with its folder, at the first key. */
  readonly knownHostsFile: string;
  /** The user's and the system's known_hosts files; only read, missing ones are fine. */
  readonly userKnownHostsFiles: readonly string[];
  readonly hostKeyCheck: HostKeyCheck;
  /** The deadline of one attempt in all: name, TCP, banner, key exchange, login. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** A silent session is asked for a sign of life so often, and given up after three unanswered questions. Default 5 s, 0 for never. */
  readonly keepaliveMs?: number;
  /** The login name where the inventory has none. */
  readonly defaultUser: string;
  /** Private keys to use where the inventory names none: the first that exists is the one that is offered. */
  readonly keyFiles: readonly string[];
  /** The socket of an ssh-agent (`SSH_AUTH_SOCK`), if there is one. */
  readonly agentSocket?: string;
  readonly secrets: TransportSecrets;
  /** ssh_config files that may ask for jump hosts or certificates; only hosts they concern go through the system's `ssh`. */
  readonly sshConfigFiles?: readonly string[];
  /** A short, private folder for the sockets of the system's `ssh` (a socket's path must stay under 100 bytes). */
  readonly controlFolder: string;
  /** Sends every host this way instead of choosing by its settings. */
  readonly backend?: Backend;
}

/** The ways in: `ssh2` in this process, the system's `ssh` program, or a shell on this machine. */
export type Backend = 'ssh2' | 'openssh' | 'local';

export const defaultConnectTimeoutMs = 10_000;
export const defaultKeepaliveMs = 5_000;
/** Unanswered questions after which a session counts as lost. */
export const keepaliveTries = 3;
