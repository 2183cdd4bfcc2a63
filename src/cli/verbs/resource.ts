import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InboxError } from '#base/inbox-error.ts';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import { presentResource } from '../present-resource.ts';

interface ResourceOptions extends ServerOptions {
  readonly file?: string;
}

const HELP = `
Answers what is known of a resource: each detected risk with its evidence or what is missing for it, every
way in, whom it runs as and what that may do, its environment, services and owner, and its issues.

Examples:
  security-inbox resource arn:aws:s3:::acme-exports
  security-inbox resource 'k8s:prod/apps/Deployment/shop/cart'
  security-inbox resource --file ids.txt --json`;

export function addResourceVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('resource')
    .summary('what is known of a resource')
    .description('Show the risks, the ways in, the privilege and the issues of a resource.')
    .argument('[id]', 'canonical id, ARN, or another id of a cloud')
    .option('--file <file>', 'a file with one id a line, instead of an id; the answer is a list')
    .addHelpText('after', HELP)
    .action(async (id: string | undefined) => show(cli, id, verb.optsWithGlobals()));
  for (const option of serverOptions()) verb.addOption(option);
}

async function show(cli: CommandLine, id: string | undefined, options: ResourceOptions): Promise<void> {
  const ids = await idsOf(id, options.file);
  const resources = await cli.withInbox(options, (inbox) => inbox.resources(ids));
  await cli.show(options, id === undefined ? resources : resources[0], () =>
    resources.flatMap((resource, index) => [
      ...(index === 0 ? [] : ['']),
      ...presentResource(resource, cli.paint),
    ]),
  );
}

async function idsOf(id: string | undefined, file: string | undefined): Promise<readonly string[]> {
  if ((id === undefined) === (file === undefined))
    throw new InboxError('usage', 'One id is expected, or --file with a file of ids.');
  if (id !== undefined) return [id];
  const text = await readFile(file as string, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new InboxError('usage', `--file: ${file} cannot be read (${cause.code}).`, { cause });
  });
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
