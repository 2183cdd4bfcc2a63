/** Something a person can mend before the program itself runs. Exit codes as in the command line: 70 a failure of ours. */
export class LaunchError extends Error {
  constructor(message, exitCode = 70) {
    super(message);
    this.exitCode = exitCode;
  }
}
