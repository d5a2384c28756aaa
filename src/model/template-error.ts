import type { TemplateTrouble } from './play-value.ts';
import type { Position } from './problem.ts';

/** A template that could not be rendered on one host: the task's failure there, not the program's. */
export class TemplateError extends Error implements TemplateTrouble {
  readonly at: Position | undefined;
  readonly undefinedName?: string;

  constructor(message: string, at?: Position, undefinedName?: string) {
    super(message);
    this.name = 'TemplateError';
    this.at = at;
    if (undefinedName !== undefined) this.undefinedName = undefinedName;
  }
}
