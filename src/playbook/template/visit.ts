import type { Arguments, Body, Expression, Statement } from './syntax.ts';

type See = (node: Expression) => void;

function partsOfArguments({ positional, named, spread, spreadNamed }: Arguments): Expression[] {
  return [
    ...positional,
    ...named.map(([, value]) => value),
    ...(spread ? [spread] : []),
    ...(spreadNamed ? [spreadNamed] : []),
  ];
}

function known(nodes: readonly (Expression | undefined)[]): Expression[] {
  return nodes.filter((node) => node !== undefined);
}

/** The expressions directly inside an expression. */
function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'const':
    case 'float':
    case 'name':
      return [];
    case 'list':
    case 'tuple':
    case 'concat':
      return node.items;
    case 'dict':
      return node.pairs.flat();
    case 'attribute':
      return [node.object];
    case 'item':
      return [node.object, node.index];
    case 'slice':
      return known([node.object, node.start, node.stop, node.step]);
    case 'call':
      return [node.callee, ...partsOfArguments(node.args)];
    case 'filter':
    case 'test':
      return known([node.object, ...partsOfArguments(node.args)]);
    case 'not':
    case 'unary':
      return [node.value];
    case 'and':
    case 'or':
    case 'binary':
      return [node.left, node.right];
    case 'compare':
      return [node.first, ...node.rest.map(([, value]) => value)];
    case 'choice':
      return known([node.test, node.yes, node.no]);
  }
}

/** Shows an expression and all inside it, the outer ones first. */
export function visitExpression(node: Expression, see: See): void {
  see(node);
  for (const part of partsOf(node)) visitExpression(part, see);
}

interface Parts {
  readonly expressions: readonly (Expression | undefined)[];
  readonly bodies: readonly (Body | undefined)[];
}

function partsOfStatement(node: Statement): Parts {
  switch (node.kind) {
    case 'text':
      return { expressions: [], bodies: [] };
    case 'print':
    case 'set':
      return { expressions: [node.value], bodies: [] };
    case 'if':
      return {
        expressions: node.branches.map(([test]) => test),
        bodies: [...node.branches.map(([, body]) => body), node.otherwise],
      };
    case 'for':
      return { expressions: [node.over, node.only], bodies: [node.body, node.otherwise] };
    case 'set-block':
    case 'filter-block':
      return { expressions: [node.filter], bodies: [node.body] };
    case 'macro':
      return { expressions: node.parameters.map(({ fallback }) => fallback), bodies: [node.body] };
    case 'call-block':
      return {
        expressions: [node.call, ...node.parameters.map(({ fallback }) => fallback)],
        bodies: [node.body],
      };
    case 'with':
      return { expressions: node.pairs.map(([, value]) => value), bodies: [node.body] };
    case 'scope':
      return { expressions: [], bodies: [node.body] };
    case 'include':
    case 'import':
      return { expressions: [node.template], bodies: [] };
  }
}

/** Shows every expression of statements; `seeFile` is told of statements that bring in another file. */
export function visitBody(body: Body, see: See, seeFile?: () => void): void {
  for (const node of body) {
    const { expressions, bodies } = partsOfStatement(node);
    if (node.kind === 'include' || node.kind === 'import') seeFile?.();
    for (const expression of expressions) if (expression) visitExpression(expression, see);
    for (const inner of bodies) if (inner) visitBody(inner, see, seeFile);
  }
}
