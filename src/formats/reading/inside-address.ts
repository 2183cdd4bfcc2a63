/** Addresses of private networks (RFC 1918, RFC 6598, RFC 4193): never those of an outsider. */
export function isInsideAddress(address: string): boolean {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/i.exec(address);
  if (v4 === null) return /^f[cd][0-9a-f]{2}:/i.test(address);
  const [first, second] = [Number(v4[1]), Number(v4[2])];
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
