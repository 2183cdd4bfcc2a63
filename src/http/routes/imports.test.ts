import { readdir, readFile, stat } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { importAnswerSchema } from '#contract/import.ts';
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
      Vulnerabilities: [{ VulnerabilityID: 'CVE-2021-44906', PkgName: 'minimist', InstalledVersion: '1.2.5', FixedVersion: '1.2.6', Severity: 'CRITICAL', Title: 'minimist: prototype pollution' }],
    },
  ],
};

async function upload(asked: TestServer, query: string, payload: string | Buffer, headers: Record<string, string>) {
  return asked.ask({ method: 'POST', url: `/api/v1/imports?${query}`, headers: { 'content-type': 'application/octet-stream', ...headers }, payload });
}

describe('an upload', () => {
  test('is read, and what it moved is told', async () => {
    const asked = await open();
    const answer = await upload(asked, 'name=trivy.json&env=production&service=shop', JSON.stringify(REPORT), await asked.tokenOf('ann', 'triage'));
    expect(answer.statusCode).toBe(200);
    expect(importAnswerSchema.parse(answer.json())).toEqual({
      results: [expect.objectContaining({ file: 'trivy.json', format: 'trivy', source: 'trivy', records: 1, findings: 1, created: 1, rejects: [] })],
    });
    expect(await readdir(asked.spoolFolder)).toEqual([]);
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
    const query = 'name=a.json&format=trivy&source=ci&scope=cluster%3Dprod,namespace%3Da%3Db&complete=true&root=/src&account=1&region=eu&env=staging&service=shop&team=core';
    const answer = await upload(asked, query, 'bytes', await asked.tokenOf('ann', 'triage'));
    expect(answer.json()).toEqual({ results: [] });
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
            source: 'ci',
            scope: { cluster: 'prod', namespace: 'a=b' },
            complete: true,
            root: '/src',
            account: '1',
            region: 'eu',
            environment: 'staging',
            services: ['shop'],
            team: 'core',
          },
        },
      },
    ]);
    expect((await stat(asked.spoolFolder)).mode & 0o777).toBe(0o700);
    expect(await readdir(asked.spoolFolder)).toEqual([]);
  });

  test('is gone too when its reader fails', async () => {
    const asked = await open({
      runImportWorker: async () => {
        throw new Error('the worker was killed');
      },
    });
    const answer = await upload(asked, 'name=a.json', 'bytes', await asked.tokenOf('ann', 'triage'));
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(await readdir(asked.spoolFolder)).toEqual([]);
  });

  test.each([
    ['', 'report_empty'],
    ['no report of anybody', 'format_unknown'],
  ])('of %j is a result with %s', async (payload, code) => {
    const asked = await open();
    const answer = await upload(asked, 'name=a.json', payload, await asked.tokenOf('ann', 'triage'));
    expect(importAnswerSchema.parse(answer.json())).toEqual({ results: [{ file: 'a.json', format: null, error: { code, message: expect.any(String) } }] });
  });

  test.each([
    [100, 200],
    [101, 413],
  ])('of %i bytes where 100 are allowed: %i', async (size, status) => {
    let read = 0;
    const asked = await open({
      uploadMaxBytes: 100,
      runImportWorker: async () => {
        read += 1;
        return [];
      },
    });
    const token = await asked.tokenOf('ann', 'triage');
    const declared = await upload(asked, 'name=a', Buffer.alloc(size), token);
    expect(declared.statusCode).toBe(status);
    expect(read).toBe(status === 200 ? 1 : 0);
  });

  test('that does not say how large it is, is cut off at the limit', async () => {
    const asked = await open({ uploadMaxBytes: 100, runImportWorker: async () => [] });
    const token = await asked.tokenOf('ann', 'triage');
    const address = await asked.app.listen({ host: '127.0.0.1', port: 0 });
    const send = (size: number) =>
      fetch(`${address}/api/v1/imports?name=a`, {
        method: 'POST',
        headers: { ...token, 'content-type': 'application/octet-stream' },
        body: new Blob([new Uint8Array(size)]).stream(),
        duplex: 'half',
      } as RequestInit);
    expect((await send(100)).status).toBe(200);
    const refused = await send(101);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([413, 'too_large']);
    expect(await readdir(asked.spoolFolder)).toEqual([]);
  });

  test.each(['', 'name=', 'name=../../etc/passwd', 'name=a%2Fb', 'name=a%5Cb', 'name=..', 'name=a%00b', `name=${'a'.repeat(256)}`, 'name=a&name=b', 'name=a&scope=cluster', 'name=a&scope=__proto__%3Dx', 'name=a&complete=yes'])('is refused with %j, before anything is read', async (query) => {
    let read = 0;
    const asked = await open({
      runImportWorker: async () => {
        read += 1;
        return [];
      },
    });
    const answer = await upload(asked, query, 'bytes', await asked.tokenOf('ann', 'triage'));
    expect(answer.json()).toMatchObject({ status: 400, code: 'usage' });
    expect(read).toBe(0);
  });

  test('is refused to who may only read, before a byte of it is kept', async () => {
    const asked = await open();
    const answer = await upload(asked, 'name=a', 'bytes', await asked.tokenOf('bob', 'read'));
    expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    await expect(readdir(asked.spoolFolder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
