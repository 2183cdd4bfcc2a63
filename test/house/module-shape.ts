import { posix } from 'node:path';
import ts from 'typescript';

/** What one file gives to others and takes from others. */
export interface ModuleShape {
  readonly exports: readonly ExportedName[];
  readonly imports: readonly ImportedName[];
}

export interface ExportedName {
  readonly name: string;
  readonly line: number;
  /** An interface or a type alias: nothing of it is there when the program runs. */
  readonly isType: boolean;
  /** The file itself names it again beside the place that declares it. */
  readonly isUsedInside: boolean;
}

export interface ImportedName {
  /** The file that is imported, from the root of the repository. */
  readonly path: string;
  /** `*` when the whole file is taken, so that every name of it may be used. */
  readonly name: string;
}

/** Reads the exports and the imports of our own files; packages are left out. */
export function moduleShape(path: string, text: string): ModuleShape {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const mentions = new Map<string, number>();
  const exports: Omit<ExportedName, 'isUsedInside'>[] = [];
  const imports: ImportedName[] = [];

  const declare = (node: ts.Node, name: string, isType: boolean) => {
    exports.push({
      name,
      isType,
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
    });
  };
  const take = (specifier: ts.Node | undefined, names: readonly string[]) => {
    const file = specifier && ts.isStringLiteralLike(specifier) ? ownFile(path, specifier.text) : null;
    if (file !== null) imports.push(...names.map((name) => ({ path: file, name })));
  };

  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) mentions.set(node.text, (mentions.get(node.text) ?? 0) + 1);
    else if (ts.isImportDeclaration(node)) take(node.moduleSpecifier, importedNames(node.importClause));
    else if (ts.isExportDeclaration(node)) {
      const names =
        node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
      for (const element of names) declare(element, element.name.text, node.isTypeOnly);
      if (node.moduleSpecifier)
        take(
          node.moduleSpecifier,
          names.length > 0 ? names.map(({ propertyName, name }) => (propertyName ?? name).text) : ['*'],
        );
    } else if (ts.isExportAssignment(node)) declare(node, 'default', false);
    else if (ts.isImportTypeNode(node)) {
      const first =
        node.qualifier && (ts.isIdentifier(node.qualifier) ? node.qualifier : node.qualifier.left);
      if (ts.isLiteralTypeNode(node.argument)) take(node.argument.literal, [first?.getText(source) ?? '*']);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      take(node.arguments[0], ['*']);
    } else if (node.parent === source && ts.canHaveModifiers(node) && isExported(node)) {
      for (const name of declaredNames(node))
        declare(node, name, ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return {
    exports: exports.map((each) => ({ ...each, isUsedInside: (mentions.get(each.name) ?? 0) > 1 })),
    imports,
  };
}

function ownFile(importer: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`;
  return specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : null;
}

function importedNames(clause: ts.ImportClause | undefined): readonly string[] {
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  return [
    ...(clause?.name ? ['default'] : []),
    ...(bindings && ts.isNamespaceImport(bindings) ? ['*'] : []),
    ...named.map(({ propertyName, name }) => (propertyName ?? name).text),
  ];
}

function isExported(node: ts.HasModifiers): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function declaredNames(node: ts.Node): readonly string[] {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((element) =>
            'name' in element && ts.isIdentifier(element.name) ? [element.name.text] : [],
          ),
    );
  }
  if (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  )
    return [node.name?.text ?? 'default'];
  return [];
}
