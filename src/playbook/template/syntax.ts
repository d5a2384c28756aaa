/** Expressions of Jinja2 after parsing. `at` is the offset in the source text. */
export type Expression =
  | {
      readonly kind: 'const';
      readonly at: number;
      readonly value: null | boolean | string | number | bigint;
    }
  | { readonly kind: 'float'; readonly at: number; readonly value: number }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Expression[] }
  | { readonly kind: 'tuple'; readonly at: number; readonly items: readonly Expression[] }
  | {
      readonly kind: 'dict';
      readonly at: number;
      readonly pairs: readonly (readonly [Expression, Expression])[];
    }
  | AttributeExpression
  | ItemExpression
  | SliceExpression
  | CallExpression
  | FilterExpression
  | TestExpression
  | { readonly kind: 'not'; readonly at: number; readonly value: Expression }
  | LogicExpression<'and'>
  | LogicExpression<'or'>
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'unary';
      readonly at: number;
      readonly operator: '-' | '+';
      readonly value: Expression;
    }
  | CompareExpression
  | { readonly kind: 'concat'; readonly at: number; readonly items: readonly Expression[] }
  | ChoiceExpression;

export interface LogicExpression<K extends 'and' | 'or'> {
  readonly kind: K;
  readonly at: number;
  readonly left: Expression;
  readonly right: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface AttributeExpression {
  readonly kind: 'attribute';
  readonly at: number;
  readonly object: Expression;
  readonly name: string;
}
export interface ItemExpression {
  readonly kind: 'item';
  readonly at: number;
  readonly object: Expression;
  readonly index: Expression;
}
export interface SliceExpression {
  readonly kind: 'slice';
  readonly at: number;
  readonly object: Expression;
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
}
/** Arguments of a call: `f(1, *more, name=2, **others)`. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  readonly spread: Expression | undefined;
  readonly spreadNamed: Expression | undefined;
}
export interface CallExpression {
  readonly kind: 'call';
  readonly at: number;
  readonly callee: Expression;
  readonly args: Arguments;
}
/** `object` is undefined in a filter block, where the block's text takes its place. */
export interface FilterExpression {
  readonly kind: 'filter';
  readonly at: number;
  readonly object: Expression | undefined;
  readonly name: string;
  readonly args: Arguments;
}
export interface TestExpression {
  readonly kind: 'test';
  readonly at: number;
  readonly object: Expression;
  readonly name: string;
  readonly args: Arguments;
}
export interface CompareExpression {
  readonly kind: 'compare';
  readonly at: number;
  readonly first: Expression;
  readonly rest: readonly (readonly [CompareOperator, Expression])[];
}
/** `yes if test else no`. */
export interface ChoiceExpression {
  readonly kind: 'choice';
  readonly at: number;
  readonly test: Expression;
  readonly yes: Expression;
  readonly no: Expression | undefined;
}

/** Where a value goes: a name, several of them, or an attribute of a namespace. */
export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'names'; readonly items: readonly Target[]; readonly at: number }
  | { readonly kind: 'field'; readonly name: string; readonly field: string; readonly at: number };

/** A parameter of a macro. */
export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | undefined;
}

export type Body = readonly Statement[];

/** Statements of Jinja2 after parsing. */
export type Statement =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'print'; readonly at: number; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly at: number;
      readonly branches: readonly (readonly [Expression, Body])[];
      readonly otherwise: Body | undefined;
    }
  | ForStatement
  | {
      readonly kind: 'set';
      readonly at: number;
      readonly target: Target;
      readonly value: Expression;
    }
  | {
      readonly kind: 'set-block';
      readonly at: number;
      readonly target: Target;
      readonly filter: FilterExpression | undefined;
      readonly body: Body;
    }
  | MacroStatement
  | {
      readonly kind: 'call-block';
      readonly at: number;
      readonly call: CallExpression;
      readonly parameters: readonly Parameter[];
      readonly body: Body;
    }
  | {
      readonly kind: 'filter-block';
      readonly at: number;
      readonly filter: FilterExpression;
      readonly body: Body;
    }
  | {
      readonly kind: 'with';
      readonly at: number;
      readonly pairs: readonly (readonly [Target, Expression])[];
      readonly body: Body;
    }
  | { readonly kind: 'scope'; readonly at: number; readonly body: Body }
  | IncludeStatement
  | ImportStatement;

export interface ForStatement {
  readonly kind: 'for';
  readonly at: number;
  readonly target: Target;
  readonly over: Expression;
  readonly only: Expression | undefined;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body | undefined;
}
export interface MacroStatement {
  readonly kind: 'macro';
  readonly at: number;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body;
}
export interface IncludeStatement {
  readonly kind: 'include';
  readonly at: number;
  readonly template: Expression;
  readonly ignoreMissing: boolean;
  readonly withContext: boolean;
}
/** `import … as name`, or `from … import a as b`. */
export interface ImportStatement {
  readonly kind: 'import';
  readonly at: number;
  readonly template: Expression;
  readonly as: string | undefined;
  readonly names: readonly (readonly [string, string])[];
  readonly withContext: boolean;
}
