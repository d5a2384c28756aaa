import { anyText } from '../arguments.ts';
import { dictGet, makeDict } from '../dict.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { fail, type Key, orElse, type Py } from '../values.ts';

/** User, password, host and port of `user:password@host:port`. */
function splitLocation(netloc: string): { login: string[]; host: string; port: string } {
  const at = netloc.lastIndexOf('@');
  const login = at === -1 ? [] : /^([^:]*)(?::([\s\S]*))?$/.exec(netloc.slice(0, at));
  const place = netloc.slice(at + 1);
  const found = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(place);
  const port = found?.[3] ?? '';
  if (port !== '' && !/^\d+$/.test(port))
    fail(`Port could not be cast to integer value as '${port}'`);
  return { login: [...(login ?? [])].slice(1), host: found?.[1] ?? found?.[2] ?? '', port };
}

const address =
  /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/;

/** Takes a URL apart as Python's `urllib.parse.urlsplit` does. */
function splitUrl(url: string): [Key, Py][] {
  const clean = url.replaceAll(/[\t\r\n]/g, '').trim();
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    address.exec(clean) ?? [];
  const { login, host, port } = splitLocation(netloc);
  return [
    ['fragment', fragment],
    ['hostname', host === '' ? null : host.toLowerCase()],
    ['netloc', netloc],
    ['password', login[1] ?? null],
    ['path', path],
    ['port', port === '' ? null : Number(port)],
    ['query', query],
    ['scheme', scheme.toLowerCase()],
    ['username', login[0] ?? null],
  ];
}

function decodeUrl(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.match(/[0-9a-fA-F]{2}/g) ?? [], (hex) =>
      Number.parseInt(hex, 16),
    );
    return new TextDecoder().decode(bytes);
  });
}

export const urlFilters: Plugins = {
  urlsplit: plugin('value query= alias=', (_, [value, query = '']) => {
    const parts = makeDict(splitUrl(anyText(value)));
    if (query === '') return parts;
    return orElse(dictGet(parts, anyText(query)), () =>
      fail(`urlsplit: unknown URL component: ${anyText(query)}`),
    );
  }),
  urldecode: plugin('value', (_, [value]) => decodeUrl(anyText(value))),
};
