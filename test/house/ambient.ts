import ts from 'typescript';

/** A use of something that the code did not get as an argument: `Date.now`, `new Date()`, `eval()`, `console.log`. */
export interface AmbientUse {
  readonly what: string;
  readonly line: number;
}

/**
 * Every member access (`Date.now`), call (`eval()`), construction (`new Date()` without arguments, `new Date(…)` with
 * some) and named import of Node (`import { env } from 'node:process'` is `process.env`) of one file, in order of
 * appearance, `globalThis.` left out. Comments and texts are not code and name nothing.
 */
export function ambientUses(path: string, text: string): readonly AmbientUse[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const uses: AmbientUse[] = [];
  const note = (node: ts.Node, what: string) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    uses.push({ what: what.replace(/^globalThis\./, ''), line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      note(node, node.getText(source).replaceAll(/\s|\?/g, ''));
    } else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      note(node, `${node.expression.getText(source)}.${node.argumentExpression.text}`);
    } else if (ts.isNewExpression(node)) {
      const empty = node.arguments === undefined || node.arguments.length === 0;
      note(node, `new ${node.expression.getText(source)}(${empty ? '' : '…'})`);
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      note(node, `${node.expression.text}()`);
    }
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer) {
      for (const { propertyName, name } of node.name.elements) {
        note(node, `${node.initializer.getText(source)}.${(propertyName ?? name).getText(source)}`);
      }
    }
    if (ts.isImportDeclaration(node) && node.importClause?.namedBindings) {
      const module = (node.moduleSpecifier as ts.StringLiteral).text;
      const bindings = node.importClause.namedBindings;
      if (module.startsWith('node:') && ts.isNamedImports(bindings)) {
        for (const { propertyName, name } of bindings.elements) {
          note(node, `${module.slice('node:'.length)}.${(propertyName ?? name).text}`);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}
