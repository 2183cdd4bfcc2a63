const NOT_TOLD = '; no inventory that is read here tells it';

/**
 * What is missing where no command supplies it: what an appliance does, what an expression compares, kinds of objects
 * that are not read. Everything else that a verdict lacks names its command behind a colon.
 */
export function noInventoryTells(what: string): string {
  return `${what}${NOT_TOLD}`;
}
