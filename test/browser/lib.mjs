// lib.mjs — what the browser tests share: a practice installation that serves, a
// browser with a fresh profile, and TAP on stdout.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

const top = resolve(process.env.TOP || join(import.meta.dirname, '../..'));
const require = createRequire(join(top, 'package.json'));

function find(names) {
	return names.find((name) => name && existsSync(name));
}

const tocsin = process.env.TOCSIN;
const chromium = find([process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser']);

function skip(why) {
	console.log(`1..0 # SKIP ${why}`);
	process.exit(0);
}

if (!tocsin || !existsSync(tocsin))
	skip('TOCSIN does not name the program');
if (!chromium)
	skip('there is no chromium');
if (!existsSync(join(top, 'node_modules/playwright-core')))
	skip('playwright-core is not installed (tools/setup check)');

const playwright = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const folders = [];

function folder() {
	const dir = mkdtempSync(join(tmpdir(), 'tocsin-browser-'));

	folders.push(dir);
	return dir;
}

// CAP's form of an instant, whole minutes, `hours` from now.
function capTime(hours) {
	return new Date(Date.now() + hours * 3600e3).toISOString().slice(0, 16) + ':00-00:00';
}

// Make a practice installation in which the sample alert is live. run(command, …) goes on in it.
export function makeInstallation(persons) {
	const dir = folder();
	const data = join(dir, 'data');
	const run = (...args) => execFileSync(tocsin, [...args, '--data', data], { encoding: 'utf8' });
	const conf = join(data, 'tocsin.conf');
	const alert = join(dir, 'alert.xml');

	run('init', '--practice');
	writeFileSync(conf, readFileSync(conf, 'utf8').replace('#port = 8080', 'port = 0'));
	writeFileSync(join(dir, 'people.csv'),
		execFileSync(tocsin, ['people', 'sample', '--count', String(persons), '--seed', '1']));
	run('people', 'import', join(dir, 'people.csv'));
	writeFileSync(alert, readFileSync(join(top, 'assets/sample/alert.xml'), 'utf8')
		.replace(/<(sent|effective|onset)>[^<]*/g, `<$1>${capTime(0)}`)
		.replace(/<expires>[^<]*/g, `<expires>${capTime(24)}`));
	run('alert', 'new', '--as', 'duty', alert);
	run('alert', 'submit', '--as', 'duty', '1');
	const size = /concerns ([0-9]+) person/.exec(run('alert', 'show', '1'))[1];
	run('alert', 'approve', '--as', 'second', '--size', size, '1');
	run('alert', 'send', '--as', 'duty', '1');
	return { data, run, size: Number(size) };
}

// Serve it; resolves with the address and the one-time link.
export function serve(installation) {
	const child = spawn(tocsin, ['serve', '--data', installation.data],
		{ stdio: ['ignore', 'pipe', 'inherit'] });
	let out = '';

	return new Promise((done, failed) => {
		child.on('exit', (code) => failed(new Error(`serve ended with ${code}: ${out}`)));
		child.stdout.on('data', (bytes) => {
			out += bytes;
			const url = /serves at (\S+)/.exec(out);
			const link = /(http\S+\/desk\/signin\?token=\S+)\n/.exec(out);
			if (url && link)
				done({ url: url[1], link: link[1], child });
		});
	});
}

export function stop(service) {
	return new Promise((done) => {
		service.child.removeAllListeners('exit');
		service.child.on('exit', done);
		service.child.kill('SIGTERM');
	});
}

// A browser context with a profile of its own.
export function browse(options) {
	return playwright.chromium.launchPersistentContext(folder(), {
		executablePath: chromium,
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync'],
		...options,
	});
}

// Names of axe's findings that are serious or worse.
export async function seriousFindings(page) {
	await page.evaluate(axe);
	const result = await page.evaluate(() => globalThis.axe.run());
	return result.violations
		.filter((v) => v.impact === 'serious' || v.impact === 'critical')
		.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
}

let count = 0;
let failures = 0;

export function check(name, ok, seen) {
	count++;
	if (!ok)
		failures++;
	console.log(`${ok ? 'ok' : 'not ok'} ${count} - ${name}`);
	if (!ok && seen !== undefined)
		console.log(`# ${JSON.stringify(seen)}`);
}

export function finish() {
	console.log(`1..${count}`);
	for (const dir of folders)
		rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
	process.exitCode = failures ? 1 : 0;
}
