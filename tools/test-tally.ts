import type { Reporter, TestModule, TestRunEndReason, TestSuite } from 'vitest/node';

const SHOWN = 10;

/**
 * Counts the tests of one run. What keeps tests from running counts as failed, one each: a file that
 * does not load, a hook that throws, an error that nothing caught, a run that was broken off. Skipped
 * tests count as neither.
 */
export class TestTally implements Reporter {
  passed = 0;
  failed = 0;
  slowest: readonly { readonly file: string; readonly seconds: number }[] = [];

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    for (const module of modules) {
      this.failed += brokenSuites(module);
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') this.passed += 1;
        if (state === 'failed') this.failed += 1;
      }
    }
    this.failed += unhandledErrors.length;
    if (reason !== 'passed' && this.failed === 0) this.failed = 1;
    this.slowest = modules
      .map((module) => ({ file: module.relativeModuleId, seconds: secondsOf(module) }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, SHOWN);
  }
}

/** The file itself and the suites in it that have an error of their own, not one of a test. */
function brokenSuites(suite: TestModule | TestSuite): number {
  let count = suite.errors().length > 0 ? 1 : 0;
  for (const child of suite.children.suites()) count += brokenSuites(child);
  return count;
}

function secondsOf(module: TestModule): number {
  const { collectDuration, duration } = module.diagnostic();
  return (collectDuration + duration) / 1000;
}
