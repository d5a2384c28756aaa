/** A run as lists show it; times are ISO 8601 in UTC. 'interrupted' means that its process ended without finishing it. */
export interface RunSummary {
  readonly run: string;
  readonly kind: string;
  readonly title: string;
  /** Such as `zhang@office-7`; '' for a run of an older Labkit. */
  readonly who: string;
  readonly startedAt: string;
  /** '' while it runs, and for an interrupted run. */
  readonly finishedAt: string;
  readonly state: 'running' | 'finished' | 'cancelled' | 'interrupted';
  /** How many hosts it was meant for. */
  readonly hosts: number;
  /** Hosts by outcome; empty until it is finished. */
  readonly totals: { readonly [outcome: string]: number };
}
