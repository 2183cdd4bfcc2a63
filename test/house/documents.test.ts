import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryFiles, textOf } from './tree.ts';

const files = repositoryFiles();
const known = new Set(files.flatMap((path) => [path, ...foldersOf(path)]));

/** All folders above a file: `a/b/c.ts` is in `a/b` and `a`. */
function foldersOf(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

/**
 * The paths of the repository that a document cites in backticks. A citation with a placeholder (`src/formats/<name>/`,
 * a star, an ellipsis) or a space is no path.
 */
function citedPaths(text: string): readonly string[] {
  return [...text.matchAll(/`((?:src|test|tools|bin|web|docs)\/[\w./@-]*)`/g)].map(([, path]) =>
    (path as string).replace(/\/$/, ''),
  );
}

/** The targets of links and images that lead into the repository, seen from the folder of the document. */
function linkedPaths(document: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\((?!\w+:|#)([^)\s#]+)(?:#[^)\s]*)?\)/g)].map(([, target]) =>
    posix.normalize(posix.join(posix.dirname(document), target as string)).replace(/\/$/, ''),
  );
}

const documents = files.filter((path) => path.endsWith('.md') && !path.includes('/samples/'));

describe('documents', () => {
  test('cite only paths that exist', () => {
    const dead = documents.flatMap((document) =>
      citedPaths(textOf(document))
        .filter((path) => !known.has(path))
        .map((path) => `${document}: ${path}`),
    );
    expect(dead).toEqual([]);
  });

  test('link only to files that exist', () => {
    const dead = documents.flatMap((document) =>
      linkedPaths(document, textOf(document))
        .filter((path) => !known.has(path))
        .map((path) => `${document}: ${path}`),
    );
    expect(dead).toEqual([]);
  });

  test.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'])('%s is there', (document) => {
    expect(files).toContain(document);
  });

  test('a citation is found, a placeholder is none', () => {
    expect(
      citedPaths('See `src/base/compare.ts` and `docs/`, not `src/formats/<name>/` or `src/*.ts`.'),
    ).toEqual(['src/base/compare.ts', 'docs']);
    expect(
      linkedPaths('docs/guide/a.md', '[b](../b.md#c) [d](https://d.example) ![e](e.png) [f](#f)'),
    ).toEqual(['docs/b.md', 'docs/guide/e.png']);
  });
});

describe('ARCHITECTURE.md', () => {
  const trip = textOf('ARCHITECTURE.md').split('## The trip of one report')[1]?.split(/^## /m)[0] ?? '';
  const steps = trip.split(/^(?=\d+\. )/m).slice(1);

  test('tells the trip of a report in ten steps', () => {
    expect(steps.map((step) => Number.parseInt(step, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('names the files of each step', () => {
    const bare = steps.filter((step) => !citedPaths(step).some((path) => path.endsWith('.ts')));
    expect(bare).toEqual([]);
  });
});

describe('README.md', () => {
  test('fits on one screen', () => {
    const lines = textOf('README.md').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines.filter((line) => line.length > 200)).toEqual([]);
  });

  test('uses only verbs that exist', () => {
    const used = [...textOf('README.md').matchAll(/\.\/bin\/security-inbox ([a-z-]+)/g)].map(
      ([, verb]) => verb,
    );
    expect(used).not.toEqual([]);
    expect(used.filter((verb) => !known.has(`src/cli/verbs/${verb}.ts`))).toEqual([]);
  });

  test('shows a picture that is in the repository', () => {
    const picture = /!\[[^\]]+\]\(([^)\s]+)\)/.exec(textOf('README.md'))?.[1];
    expect(files).toContain(picture);
  });
});
