import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createSignInLink } from '#app/create-sign-in-link.ts';
import { createToken } from '#app/create-token.ts';
import { importReports } from '#app/import-reports.ts';
import type { Role } from '#domain/ports/people-store.ts';
import { openTestInbox, type TestInbox } from '../../test/support/test-inbox.ts';
import type { App } from './app.ts';
import { makeLog } from './log.ts';
import { makeServer } from './server.ts';
import type { ServerParts } from './server-parts.ts';

/** The HTTP door over the real parts, asked without a network. */
export interface TestServer {
  readonly app: App;
  readonly parts: ServerParts;
  readonly inbox: TestInbox;
  /** What was logged, line by line. */
  readonly log: readonly string[];
  readonly spoolFolder: string;
  /** Asks as `127.0.0.1:7070`, from our own page where something would change. */
  ask(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Adds a person of that name; answers the header with which they ask. */
  tokenOf(name: string, role: Role): Promise<{ readonly authorization: string }>;
  /** Signs a person in by a link; answers the header with which they ask. */
  cookieOf(name: string | null): Promise<{ readonly cookie: string }>;
  close(): Promise<void>;
}

export const OUR_PAGE = {
  host: '127.0.0.1:7070',
  origin: 'http://127.0.0.1:7070',
  'sec-fetch-site': 'same-origin',
};

/** With an administrator, called admin, unless it is to be a fresh one. */
export async function openTestServer(
  given: Partial<ServerParts> = {},
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): Promise<TestServer> {
  const inbox = await openTestInbox();
  if (!isFresh)
    await inbox.ctx.people.add({ id: 'id-of-admin', name: 'admin', role: 'administer' }, 'tester');
  const folder = await mkdtemp(join(tmpdir(), 'inbox-http-'));
  const spoolFolder = join(folder, 'spool');
  const log: string[] = [];
  const parts: ServerParts = {
    context: inbox.ctx,
    log: makeLog({ write: (line) => log.push(line) }),
    version: '1.2.3',
    publicUrl: null,
    webFolder: null,
    spoolFolder,
    uploadMaxBytes: { session: 50_000_000, token: 50_000_000 },
    uploadMaxBytesPerDay: 500_000_000,
    signOfLifeMs: 15_000,
    runImportWorker: ({ path, name, options, actor }) =>
      importReports({ ...inbox.ctx, actor }, { files: [{ path, name }], options }),
    isReady: async () => true,
    isWatchedElsewhere: false,
    ...given,
  };
  const app = await makeServer(parts);
  await app.ready();
  const ask = (options: InjectOptions) =>
    app.inject({ ...options, headers: { ...OUR_PAGE, ...options.headers } });
  return {
    app,
    parts,
    inbox,
    log,
    spoolFolder,
    ask,
    async tokenOf(name, role) {
      await inbox.ctx.people.add({ id: `id-of-${name}`, name, role }, 'tester');
      const { secret } = await createToken(inbox.ctx, {
        kind: 'pat',
        name: 'test',
        person: name,
        days: 1,
        role: null,
        binding: null,
      });
      return { authorization: `Bearer ${secret}` };
    },
    async cookieOf(name) {
      const { secret } = await createSignInLink(inbox.ctx, { name, address: OUR_PAGE.origin });
      const answer = await ask({ method: 'POST', url: '/api/v1/session', payload: { token: secret } });
      const [cookie] = answer.cookies;
      if (cookie === undefined) throw new Error(`not signed in: ${answer.body}`);
      return { cookie: `${cookie.name}=${cookie.value}` };
    },
    async close() {
      await app.close();
      await inbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
