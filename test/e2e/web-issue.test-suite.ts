import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AttackPath } from '../../src/contract/attack-path.ts';
import type { IssueDetail } from '../../src/contract/issue-detail.ts';
import { prowlerFinding } from '../support/prowler-finding.ts';
import { runCommand } from '../support/run-server.ts';
import { webhookServer } from '../support/tracker-servers.ts';
import type { WebInbox } from './web-inbox.ts';

const PATIENCE = { timeout: 10_000 };
/** What is delivered is looked for every few seconds. */
const DELIVERY_PATIENCE = { timeout: 30_000 };

/** Ways from an issue to elsewhere, by their keys. */
export function keysOfAnIssue(world: () => { readonly inbox: WebInbox; readonly other: string }): void {
  describe('from an issue', () => {
    test('w leads to what fixing it changes, and o to its page in the console of its cloud', async () => {
      const { inbox } = world();
      const report = join(inbox.folder, 'administrator.json');
      const role = {
        uid: 'arn:aws:iam::111122223333:role/ci-deploy',
        name: 'ci-deploy',
        type: 'AwsIamRole',
      };
      await writeFile(
        report,
        JSON.stringify([prowlerFinding(Date.now(), role, 'iam_role_administratoraccess_policy')]),
      );
      await runCommand(['import', report, '--data', inbox.data]);
      const issue = (await inbox.list('--all')).find(
        ({ type, attackPaths }) => type === 'identity_risk' && attackPaths > 0,
      );
      const page = await inbox.open(`/?all=true&issue=${issue?.id}`);
      await page.getByTestId('rank-sentence').waitFor(PATIENCE);
      // The page of somebody else is asked for by nobody but the new window, which is kept from it.
      await page.evaluate(`{ window.open = (...asked) => { window.asked = asked; return null; }; }`);
      await page.keyboard.press('o');
      expect(await page.evaluate('window.asked')).toEqual([
        `https://console.aws.amazon.com/go/view?arn=${encodeURIComponent(role.uid)}`,
        '_blank',
        'noopener,noreferrer',
      ]);
      await page.keyboard.press('w');
      await page.getByRole('heading', { level: 1, name: 'Fix first' }).waitFor(PATIENCE);
      expect(new URL(page.url()).searchParams.get('cut')).toBe(issue?.id);
      await expect
        .poll(() => page.getByTestId('projected').innerText(), PATIENCE)
        .toMatch(/The list after 1 fix/);
    });

    test('whose it is, what requires it, what it touches and which attack paths go through it stand in its page', async () => {
      const { inbox } = world();
      const issue = (await inbox.list('--all')).find(
        ({ type, attackPaths }) => type === 'identity_risk' && attackPaths > 0,
      );
      const page = await inbox.open(`/issues/${issue?.id}`);
      await page.getByTestId('rank-sentence').waitFor(PATIENCE);
      const read = async <T>(path: string): Promise<T> => (await (await page.request.get(path)).json()) as T;
      const told = await read<IssueDetail>(`/api/v1/issues/${issue?.id}`);
      const { items } = await read<{ readonly items: readonly AttackPath[] }>('/api/v1/attack-paths');
      const rowsOf = (block: string) =>
        page
          .locator(`[data-block="${block}"] tbody tr`)
          .evaluateAll((rows) =>
            rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')),
          );
      expect(told.why.owners.length).toBeGreaterThan(0);
      expect(await rowsOf('owners')).toEqual(
        told.why.owners.map(({ name, reason, confidence }) => [name, reason, String(confidence)]),
      );
      const requirements = told.why.control?.requirements ?? [];
      expect(requirements.length).toBeGreaterThan(0);
      expect((await rowsOf('compliance')).flat().join(' ')).toBe(
        [...Map.groupBy(requirements, ({ framework }) => framework)]
          .flatMap(([framework, each]) => [framework, each.map(({ id }) => id).join(', ')])
          .join(' '),
      );
      expect(await rowsOf('resources')).toEqual(
        told.resources.map(({ name, kind, console, environment, services }) => [
          `${name}${kind}${console === null ? '' : ' · console'}`,
          environment ?? 'unknown',
          services.length === 0 ? 'none known' : services.join(', '),
          'Open',
        ]),
      );
      const paths = page.locator('[data-block="paths"] li a');
      await paths.first().waitFor(PATIENCE);
      const through = await paths.allInnerTexts();
      expect(through).toHaveLength(told.attackPaths);
      expect(items.map(({ title }) => title)).toEqual(expect.arrayContaining(through));
    });

    test('Shift W runs a workflow about it, with inputs, in a signed message, and says what became of it', async () => {
      const { inbox, other } = world();
      const outside = await webhookServer(Date.now);
      const secret = 'a-secret-of-the-webhook';
      try {
        const page = await inbox.open('/sign-in');
        const headers = { 'content-type': 'application/json', origin: inbox.server.url };
        const webhook = {
          name: 'block-access',
          kind: 'webhook',
          address: `${outside.address}/hook`,
          allowPrivate: true,
          secret,
        };
        expect((await page.request.post('/api/v1/receivers', { headers, data: webhook })).status()).toBe(200);
        await page.goto(`/issues/${other}`);
        const form = page.getByRole('form', { name: 'Run a workflow' });
        await form.waitFor(PATIENCE);
        await page.keyboard.press('Shift+W');
        const choice = form.getByRole('combobox');
        await expect
          .poll(() => page.evaluate(`document.activeElement?.getAttribute('aria-label')`), PATIENCE)
          .toBe('Where');
        await choice.selectOption('block-access');
        await page.keyboard.press('Tab');
        await page.keyboard.type('bucket=invoices\nwhy=<b>now</b>');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.getByTestId('deliveries').getByText('block-access, waiting').waitFor(PATIENCE);
        // Without a reload: what became of it comes by itself.
        const run = page.getByTestId('deliveries').getByRole('link', { name: 'Workflow' });
        await run.waitFor(DELIVERY_PATIENCE);
        expect(await run.getAttribute('href')).toBe(`${outside.address}/runs/1`);
        const [message] = outside.asked;
        const said = JSON.parse(message?.body ?? '');
        expect(said).toMatchObject({
          issue: { id: other },
          inputs: { bucket: 'invoices', why: '<b>now</b>' },
        });
        const signed = ['webhook-id', 'webhook-timestamp'].map((name) => message?.headers[name]);
        const signature = createHmac('sha256', secret)
          .update([...signed, message?.body].join('.'))
          .digest('base64');
        expect(message?.headers['webhook-signature']).toBe(`v1,${signature}`);
        await page.request.post('/api/v1/receivers/remove', { headers, data: { name: 'block-access' } });
      } finally {
        await outside.close();
      }
    });
  });
}
