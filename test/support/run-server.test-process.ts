/**
 * Runs one command line as `src/main.ts` does, and asks itself to end when whoever started it is gone: a run of tests
 * that is stopped in the middle leaves no server behind.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening to its owner is no reason to go on.
process.channel?.unref();
await import('../../src/main.ts');
