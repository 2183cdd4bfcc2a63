import { repositoryName } from './resource-key.ts';

/** Where in the code of its infrastructure a resource is described. */
export interface DescribedPlace {
  /** Key of the repository; null where nobody said which one. */
  readonly repository: string | null;
  readonly path: string;
}

/** One text for both, as it is stored: `github.com/acme/infra//envs/prod/network`, or the path alone. */
export function describedText(path: string, repository: string | null): string {
  return repository === null ? path : `${repositoryName(repository)}//${path}`;
}

export function describedPlace(text: string): DescribedPlace {
  const at = text.indexOf('//');
  if (at <= 0) return { repository: null, path: text };
  return { repository: `repo:${text.slice(0, at)}`, path: text.slice(at + 2) };
}

/** The stack alone, without the folders above, whose names say less of the environment: `prod/network`. */
export function stackName({ path }: DescribedPlace): string {
  const segments = path.split('/');
  const module = segments.findIndex((segment) => segment.startsWith('module.'));
  return segments.slice(Math.max(0, (module < 0 ? segments.length : module) - 2)).join('/');
}

/** A file that lies where a stack is described, for what CODEOWNERS say of such files. */
export function fileOfStack({ path }: DescribedPlace): string {
  return `${path}/main.tf`;
}
