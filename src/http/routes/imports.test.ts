import { readdir, readFile, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { importAnswerSchema, runningImportListSchema } from '#contract/import.ts';
import { NO_OPTIONS } from '../../../test/support/test-inbox.ts';
import { openTestServer, type TestServer } from '../server.test-suite.ts';
import type { ImportJob, ServerParts } from '../server-parts.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(parts: Partial<ServerParts> = {}): Promise<TestServer> {
  server = await openTestServer(parts);
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  return server;
}

const REPORT = {
  SchemaVersion: 2,
  ArtifactName: 'shop',
  ArtifactType: 'filesystem',
  Results: [
    {
      Target: 'package-lock.json',
      Class: 'lang-pkgs',
      Type: 'npm',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2021-44906',
          PkgName: 'minimist',
          InstalledVersion: '1.2.5',
          FixedVersion: '1.2.6',
          Severity: 'CRITICAL',
          Title: 'minimist: prototype pollution',
        },
      ],
    },
  ],
};

/** Sends over a real connection, as its limits are those of the connection. */
async function upload(
  asked: TestServer,
  query: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string>,
) {
  const address = asked.app.listeningOrigin;
  const answer = await fetch(`${address}/api/v1/imports?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
  return { statusCode: answer.status, body: (await answer.json()) as { readonly code?: string } };
}

/** Zeros that do not say how many they are. */
function zeros(size: number): ReadableStream {
  return new Blob([new Uint8Array(size)]).stream();
}

describe('an upload', () => {
  test('is read, and what it moved is told', async () => {
    const asked = await open();
    const answer = await upload(
      asked,
      'name=trivy.json&env=production&service=shop',
      JSON.stringify(REPORT),
      await asked.tokenOf('ann', 'triage'),
    );
    expect(answer.statusCode).toBe(200);
    expect(importAnswerSchema.parse(answer.body)).toEqual({
      results: [
        expect.objectContaining({
          file: 'trivy.json',
          format: 'trivy',
          source: 'trivy',
          records: 1,
          findings: 1,
          created: 1,
          rejects: [],
          error: null,
          sentences: [
            '1 new.',
            expect.stringContaining('this scan is partial'),
            expect.stringContaining('"import undo '),
          ],
        }),
      ],
    });
    expect(await readdir(asked.spoolFolder)).toEqual([]);
  });

  test.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['zstd', zstdCompressSync],
    ['identity', gzipSync],
  ])('may be packed, and say so: %s', async (encoding, pack) => {
    const asked = await open();
    const token = await asked.tokenOf('ann', 'triage');
    const packed = new Uint8Array(pack(JSON.stringify(REPORT)));
    const { body } = await upload(asked, 'name=a', packed, { ...token, 'content-encoding': encoding });
    expect(body).toMatchObject({ results: [{ format: 'trivy', created: 1, error: null }] });
  });

  test('is taken back by its id, once, and by nobody who only reads or uploads', async () => {
    const asked = await open();
    const token = await asked.tokenOf('ann', 'triage');
    const { body } = await upload(asked, 'name=trivy.json&source=ci', JSON.stringify(REPORT), token);
    const [result] = importAnswerSchema.parse(body).results;
    const said = result !== undefined && 'sentences' in result ? result.sentences : [];
    const id = /"import undo (\w+)"/.exec(said.at(-1) ?? '')?.[1];
    // As the command line sends it: a body of no bytes.
    const undo = (headers: Record<string, string>) =>
      fetch(`${asked.app.listeningOrigin}/api/v1/scans/${id}/undo`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', ...headers },
        body: new Blob([]).stream(),
        duplex: 'half',
      } as RequestInit);
    expect((await undo(await asked.tokenOf('ben', 'read'))).status).toBe(403);
    expect(await (await undo(token)).json()).toEqual({
      scanId: id,
      files: ['trivy.json'],
      removed: 1,
      reopened: 0,
      closed: 0,
    });
    expect((await undo(token)).status).toBe(404);
  });

  test('that breaks off tells what was kept of it', async () => {
    const asked = await open();
    const answer = await upload(
      asked,
      'name=trivy.json',
      JSON.stringify(REPORT).slice(0, -4),
      await asked.tokenOf('ann', 'triage'),
    );
    expect(importAnswerSchema.parse(answer.body)).toEqual({
      results: [
        expect.objectContaining({
          file: 'trivy.json',
          format: 'trivy',
          source: 'trivy',
          complete: false,
          findings: 1,
          created: 1,
          error: { code: 'report_broken', message: expect.any(String) },
        }),
      ],
    });
  });

  test('says how far it is to whoever asks meanwhile, and nothing once it is done or has failed', async () => {
    const begun = Promise.withResolvers<void>();
    const work = Promise.withResolvers<[]>();
    const asked = await open({
      runImportWorker: (_job, told) => {
        told(3);
        begun.resolve();
        return work.promise;
      },
    });
    const reader = await asked.tokenOf('bob', 'read');
    const running = async () => {
      const answer = await asked.ask({ url: '/api/v1/imports', headers: reader });
      return runningImportListSchema.parse(answer.json()).items;
    };
    const answer = upload(asked, 'name=a.json', 'bytes', await asked.tokenOf('ann', 'triage'));
    await begun.promise;
    expect(await running()).toEqual([
      { name: 'a.json', size: 5, received: 5, read: 3, begunAt: expect.any(String) },
    ]);
    work.reject(new Error('broken'));
    expect((await answer).statusCode).toBe(500);
    expect(await running()).toEqual([]);
  });

  test('lies on disk for its reader only, and is gone afterwards', async () => {
    const seen: { mode: string; text: string; job: ImportJob }[] = [];
    const asked = await open({
      runImportWorker: async (job) => {
        const { mode } = await stat(job.path);
        seen.push({ mode: (mode & 0o777).toString(8), text: await readFile(job.path, 'utf8'), job });
        return [];
      },
    });
    const query =
      'name=a.json&format=trivy&source=ci&scope=cluster%3Dprod,namespace%3Da%3Db&complete=true&confirm=true&separate=true&root=/src&account=1&region=eu&env=staging&service=shop&service=a%2Cb&team=core';
    const answer = await upload(asked, query, 'bytes', await asked.tokenOf('ann', 'triage'));
    expect(answer.body).toEqual({ results: [] });
    expect(seen).toEqual([
      {
        mode: '600',
        text: 'bytes',
        job: {
          path: expect.stringContaining(asked.spoolFolder),
          name: 'a.json',
          actor: { name: 'ann', role: 'triage' },
          options: {
            ...NO_OPTIONS,
            format: 'trivy',
            mapping: null,
            source: 'ci',
            scope: { cluster: 'prod', namespace: 'a=b' },
            complete: true,
            confirm: true,
            separate: true,
            root: '/src',
            account: '1',
            region: 'eu',
            environment: 'staging',
            services: ['shop', 'a,b'],
            team: 'core',
          },
        },
      },
    ]);
    expect((await stat(asked.spoolFolder)).mode & 0o777).toBe(0o700);
    expect(await readdir(asked.spoolFolder)).toEqual([]);
  });

  test('may be read for longer than an idle connection lives', async () => {
    const connections: Socket[] = [];
    const timeouts: (number | undefined)[] = [];
    const asked = await open({
      runImportWorker: async () => {
        timeouts.push(...connections.map((connection) => connection.timeout));
        return [];
      },
    });
    asked.app.server.on('connection', (connection) => connections.push(connection));
    await upload(asked, 'name=a.json', 'bytes', await asked.tokenOf('ann', 'triage'));
    expect(timeouts).toEqual([0]);
  });

  test('is gone too when its reader fails', async () => {
    const asked = await open({
      runImportWorker: async () => {
        throw new Error('the worker was killed');
      },
    });
    const answer = await upload(asked, 'name=a.json', 'bytes', await asked.tokenOf('ann', 'triage'));
    expect(answer.body).toMatchObject({ status: 500, code: 'internal' });
    expect(await readdir(asked.spoolFolder)).toEqual([]);
  });

  test.each([
    ['', 'report_empty'],
    ['no report of anybody', 'format_unknown'],
  ])('of %j is a result with %s', async (payload, code) => {
    const asked = await open();
    const answer = await upload(asked, 'name=a.json', payload, await asked.tokenOf('ann', 'triage'));
    expect(importAnswerSchema.parse(answer.body)).toEqual({
      results: [{ file: 'a.json', format: null, error: { code, message: expect.any(String) } }],
    });
  });

  test.each([
    ['declared', 100, new Uint8Array(100), 200],
    ['declared', 101, new Uint8Array(101), 413],
    ['declared', 50_000_000, new Uint8Array(50_000_000), 413],
    ['streamed', 100, zeros(100), 200],
    ['streamed', 101, zeros(101), 413],
    ['streamed', 50_000_000, zeros(50_000_000), 413],
  ])('%s, of %i bytes where 100 are allowed', async (how, _size, body, status) => {
    let reads = 0;
    const asked = await open({
      uploadMaxBytes: { session: 10, token: 100 },
      runImportWorker: async () => {
        reads += 1;
        return [];
      },
    });
    const answer = await upload(asked, 'name=a', body, await asked.tokenOf('ann', 'triage'));
    expect([answer.statusCode, answer.body.code]).toEqual([status, status === 200 ? undefined : 'too_large']);
    expect(reads).toBe(status === 200 ? 1 : 0);
    if (how === 'declared' && status === 413)
      await expect(readdir(asked.spoolFolder)).rejects.toMatchObject({ code: 'ENOENT' });
    else expect(await readdir(asked.spoolFolder)).toEqual([]);
  });

  test('a page may send less than a program with a token', async () => {
    const asked = await open({
      uploadMaxBytes: { session: 10, token: 100 },
      runImportWorker: async () => [],
    });
    const token = await asked.tokenOf('ann', 'triage');
    // The name of the cookie tells the servers of one machine apart by their ports.
    const { origin, port } = new URL(asked.app.listeningOrigin);
    const cookie = {
      origin,
      cookie: (await asked.cookieOf('ann')).cookie.replace(/-\d+=/, `-${port}=`),
    };
    const statusOf = async (headers: Record<string, string>, length: number) =>
      (await upload(asked, 'name=a', new Uint8Array(length), headers)).statusCode;
    expect([await statusOf(cookie, 10), await statusOf(cookie, 11), await statusOf(token, 11)]).toEqual([
      200, 413, 200,
    ]);
  });

  test.each([
    '',
    'name=',
    'name=../../etc/passwd',
    'name=a%2Fb',
    'name=a%5Cb',
    'name=..',
    'name=a%00b',
    `name=${'a'.repeat(256)}`,
    'name=a&name=b',
    'name=a&scope=cluster',
    'name=a&scope=__proto__%3Dx',
    'name=a&complete=yes',
    'name=a&confirm=yes',
    'name=a&separate=1',
    'name=a&service=',
  ])('is refused with %j, before anything is read', async (query) => {
    let read = 0;
    const asked = await open({
      runImportWorker: async () => {
        read += 1;
        return [];
      },
    });
    const answer = await upload(asked, query, 'bytes', await asked.tokenOf('ann', 'triage'));
    expect(answer.body).toMatchObject({ status: 400, code: 'usage' });
    expect(read).toBe(0);
  });

  test('is refused to who may only read, before a byte of it is kept', async () => {
    const asked = await open();
    const answer = await upload(asked, 'name=a', 'bytes', await asked.tokenOf('bob', 'read'));
    expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' });
    await expect(readdir(asked.spoolFolder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
