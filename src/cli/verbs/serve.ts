import type { Command } from 'commander';
import { filled, wholeNumber } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, placeOf } from '../command-line.ts';

interface ServeOptions extends GlobalOptions {
  readonly port: number;
  readonly host: string;
  readonly metricsPort?: number;
  readonly databaseUrl?: string;
  readonly demo?: true;
  readonly publicUrl?: string;
}

const HELP = `
Starts the database and the server, and prints the address with a link that signs you in. A second start
on the same data prints the running address and a fresh link.

Examples:
  security-inbox serve
  security-inbox serve --demo --port 7071
  security-inbox serve --host 0.0.0.0 --public-url https://inbox.example.com`;

export function addServeVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('serve')
    .summary('the server and its web app')
    .description('Run the server with the web app and the API.')
    .option('--port <number>', 'port to listen on', wholeNumber(0, 65_535), 7070)
    .option(
      '--host <address>',
      'address to listen on; one other than loopback needs an administrator and --public-url',
      filled,
      '127.0.0.1',
    )
    .option(
      '--metrics-port <number>',
      'a port of this machine alone for /metrics and the details of /healthz, else they stay on --port',
      wholeNumber(1, 65_535),
    )
    .option('--database-url <url>', 'a PostgreSQL of your own and not the embedded one', filled)
    .option('--public-url <url>', 'under which address people reach it', filled)
    .option('--demo', 'with a realistic estate loaded, in a data folder of its own')
    .addHelpText('after', HELP)
    .action(async () => {
      const options = verb.optsWithGlobals<ServeOptions>();
      const { port, host, metricsPort = null, databaseUrl = null, demo = false, publicUrl = null } = options;
      cli.exitCode = await cli.parts.serve({
        ...placeOf(options),
        port,
        host,
        metricsPort,
        databaseUrl,
        demo,
        publicUrl,
      });
    });
}
