/** Dockerfile and docker-compose.yml cannot be run where the tests run; this is what can be known without an engine. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true });
const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', ' ');
const services = Object.entries(compose.services);
const own = services.filter(([, { build }]) => build !== undefined);

test('a database with PostGIS, a Redis, serve and several workers', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['postgres', 'redis', 'serve', 'worker']);
  expect(compose.services.postgres.image).toMatch(/postgis/);
  expect(compose.services.worker.deploy.replicas).toBeGreaterThan(1);
});

test('every service names an image or a build, and only keys of the compose specification that are used here', () => {
  const keys = 'build command depends_on deploy environment healthcheck image network_mode ports restart volumes'.split(
    ' ',
  );
  for (const [name, service] of services) {
    expect(service.image ?? service.build, name).toBeTruthy();
    expect(
      Object.keys(service).filter((key) => !keys.includes(key)),
      name,
    ).toEqual([]);
  }
});

test('what a service waits for exists and says when it is healthy', () => {
  for (const [name, { depends_on: waits = {} }] of services) {
    for (const [other, { condition }] of Object.entries(waits)) {
      expect(compose.services[other], `${name} waits for ${other}`).toBeDefined();
      if (condition === 'service_healthy') expect(compose.services[other].healthcheck?.test).toBeDefined();
    }
  }
});

test('named volumes are declared', () => {
  for (const [name, { volumes = [] }] of services) {
    for (const volume of volumes) {
      const source = volume.replace(/\$\{[^}]*\}/g, './').split(':')[0];
      if (!/^[./]/.test(source)) expect(Object.keys(compose.volumes), `${name}: ${volume}`).toContain(source);
    }
  }
});

test('databases are open to this machine only', () => {
  for (const [, { ports = [] }] of services) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('the settings and commands are those of the program', () => {
  const config = readFileSync('src/config.ts', 'utf8');
  for (const [name, { environment, command }] of own) {
    for (const variable of Object.keys(environment)) expect(config, `${name}: ${variable}`).toContain(variable);
    const word = command.find((part, i) => !part.startsWith('-') && command[i - 1] !== '-C');
    expect(existsSync(`src/cli/${word}.ts`), `${name}: tuban ${word}`).toBe(true);
  }
});

test('the image is built from files that are here, and runs as a user without rights', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1);
  expect(stages.length).toBe(2);
  const copied = [...stages[0].matchAll(/^COPY (.+)$/gm)].flatMap(([, words]) =>
    words.trim().split(/\s+/).slice(0, -1),
  );
  expect(copied.length).toBeGreaterThan(5);
  for (const path of copied) expect(existsSync(path), path).toBe(true);
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  for (const path of copied) expect(ignored, path).not.toContain(path);
  expect(stages[1]).toMatch(/^USER node$/m);
});

test('node in the image is one that the program accepts', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const wanted = Number(/(\d+)/.exec(engines.node)?.[1]);
  for (const [, major] of dockerfile.matchAll(/^FROM node:(\d+)/gm))
    expect(Number(major)).toBeGreaterThanOrEqual(wanted);
});
