import { InboxError } from '#base/inbox-error.ts';
import type { Actor } from '../context.ts';
import { normalName } from '../normal-name.ts';
import type { ImportOptions } from './import-options.ts';

/**
 * What was said about the reports, for an actor who may upload to one source only: that source, and the scope's keys
 * that were left out. A leaked token of a pipeline must not hide the findings of another one (reliability §5.2, T2),
 * so it names no other source or scope and confirms no held closings. Throws `forbidden`.
 */
export function boundOptions({ upload }: Actor, options: ImportOptions): ImportOptions {
  if (upload === undefined) return options;
  if (options.source !== null && normalName(options.source) !== upload.source)
    throw forbidden(`This token uploads to the source "${upload.source}" only.`);
  if (options.confirm) throw forbidden('Whoever only uploads cannot confirm closings that were held.');
  checkScope(upload.scope, options.scope);
  return { ...options, source: upload.source, scope: { ...options.scope, ...upload.scope } };
}

/** The scope that a report itself names has to be the bound one too. Throws `forbidden`. */
export function checkBoundScope({ upload }: Actor, named: Readonly<Record<string, string>>): void {
  if (upload !== undefined) checkScope(upload.scope, named);
}

function checkScope(bound: Readonly<Record<string, string>>, named: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(bound)) {
    if (named[key] !== undefined && named[key] !== value)
      throw forbidden(`This token uploads reports of ${key}=${value} only.`);
  }
}

function forbidden(sentence: string): InboxError {
  return new InboxError('forbidden', `${sentence} Use another token, or ask an administrator.`);
}
