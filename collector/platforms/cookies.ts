/** The cookie's value as it is, mostly percent-encoded; undefined where there is none. */
export function readCookie(name: string): string | undefined {
  const [found] = document.cookie.split('; ').filter((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
