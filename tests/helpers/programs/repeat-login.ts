/** A web server that repeats what it was sent, the name and password of the login as well; `/refuse` answers 403. */
import { createServer } from 'node:http';

createServer((request, response) => {
  const login = (request.headers.authorization ?? '').replace(/^Basic /, '');
  let body = '';
  request.on('data', (piece) => {
    body += String(piece);
  });
  request.on('end', () => {
    response.statusCode = request.url === '/refuse' ? 403 : 200;
    response.setHeader('Content-Type', 'text/plain');
    response.end(`login ${Buffer.from(login, 'base64').toString()} body ${body}\n`);
  });
}).listen(8099, () => process.stdout.write('ready\n'));
