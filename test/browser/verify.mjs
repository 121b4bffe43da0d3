// verify.mjs — the page where anybody asks whether a message is genuine, the printed
// fingerprint, and a mirror opened as files: on the smallest phone, by keyboard, without
// scripts, in every language; nothing serious found by axe.
// TOCSIN_PICTURES=DIR keeps pictures of what was seen.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { browse, check, finish, makeInstallation, seriousFindings, serve, stop } from './lib.mjs';

const small = { width: 320, height: 640 };
const languages = ['ar', 'en', 'es', 'fr', 'ru', 'uk'];
const installation = makeInstallation(200);
const service = await serve(installation);
const message = installation.run('alert', 'show', '1', '--xml');
const identifier = /<identifier>([^<]*)/.exec(message)[1];
const files = join(installation.data, '..');

mkdirSync(join(files, 'received'));
writeFileSync(join(files, 'received/alert.xml'), message);
writeFileSync(join(files, 'received/changed.xml'), message.replace('<headline>', '<headline>Not: '));

async function picture(page, name) {
	if (process.env.TOCSIN_PICTURES)
		await page.screenshot({ path: join(process.env.TOCSIN_PICTURES, `${name}.png`), fullPage: true });
}

async function judge(page, name) {
	const width = await page.evaluate(() => document.documentElement.scrollWidth);
	const findings = await seriousFindings(page);

	check(`${name}: no sideways scrolling at 320 px`, width <= small.width, width);
	check(`${name}: axe finds nothing serious`, findings.length === 0, findings);
}

// The code as the public page shows it.
async function codeOf(page) {
	await page.goto(`${service.url}/alert/${identifier}`);
	return page.locator('.code').first().innerText();
}

async function readAs(language, code) {
	const context = await browse({ viewport: small, locale: language,
		colorScheme: language === 'fr' ? 'dark' : 'light' });
	const page = await context.newPage();

	await page.goto(service.url + '/verify');
	check(`${language}: the form is in the language`,
		await page.locator('html').getAttribute('lang') === language);
	await judge(page, `${language}, form`);
	await picture(page, `verify-${language}`);
	await page.locator('#code').fill(code.toLowerCase());
	await page.keyboard.press('Enter');
	await page.waitForURL(/code=/);
	check(`${language}: so is the answer`,
		await page.locator('html').getAttribute('lang') === language);
	check(`${language}: the true text is in it`,
		await page.locator('.words').getAttribute('lang') === language);
	await judge(page, `${language}, answer`);
	await picture(page, `verdict-${language}`);
	await page.goto(service.url + '/fingerprint');
	await judge(page, `${language}, fingerprint`);
	await picture(page, `fingerprint-${language}`);
	if (language === 'en') {
		await page.emulateMedia({ media: 'print' });
		check('print: only what belongs on paper',
			!await page.locator('nav').isVisible() && !await page.locator('.screen').first().isVisible());
		check('print: the fingerprint is large', await page.locator('.fingerprint').evaluate(
			(e) => Number.parseFloat(getComputedStyle(e).fontSize)) >= 36);
		await picture(page, 'fingerprint-print');
	}
	await context.close();
}

// Tab, type, Enter; no script.
async function byKeyboard() {
	const context = await browse({ viewport: small, locale: 'en', javaScriptEnabled: false });
	const page = await context.newPage();
	const focused = async () => page.locator(':focus').getAttribute('id', { timeout: 5000 });
	const seen = [];

	await page.goto(service.url + '/verify');
	/* The link of the heading, then the code, its button, the text. */
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	seen.push(await focused());
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	seen.push(await focused());
	await page.keyboard.insertText(message);
	await page.keyboard.press('Tab');
	seen.push(await focused());
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.waitForSelector('.verdict');
	check('keyboard: code, text and file in their order', seen.join() === 'code,text,file', seen);
	check('keyboard: a pasted alert is genuine',
		await page.locator('.verdict.yes').count() === 1, await page.title());
	await sign(page);
	await page.goBack();
	await page.locator('#file').setInputFiles(join(files, 'received/alert.xml'));
	await page.locator('button').last().click();
	await page.waitForSelector('.verdict');
	check('an uploaded file is genuine', await page.locator('.verdict.yes').count() === 1,
		await page.title());
	await page.goto(service.url + '/verify');
	await page.locator('#file').setInputFiles(join(files, 'received/changed.xml'));
	await page.locator('button').last().click();
	await page.waitForSelector('.verdict');
	check('a changed one is not', await page.locator('.verdict.no').count() === 1,
		await page.title());
	await picture(page, 'verdict-broken');
	await page.goto(service.url + '/verify');
	await page.locator('button').first().click();
	check('nothing typed: a message that is read out, with a way to the field',
		await page.locator('[role=alert] a[href="#code"]').count() === 1);
	await context.close();
}

async function sign(page) {
	check('the verdict has a sign and words',
		(await page.locator('.verdict').innerText()).replace(/\s+/g, ' ').trim() === '✓ Genuine');
	await picture(page, 'verdict-genuine');
}

async function asFiles() {
	const context = await browse({ viewport: small, locale: 'ru' });
	const page = await context.newPage();
	const asked = [];

	installation.run('publish', join(files, 'mirror'));
	context.on('request', (request) => {
		if (!request.url().startsWith('file:'))
			asked.push(request.url());
	});
	await page.goto(pathToFileURL(join(files, 'mirror/index.ru.html')).href);
	await judge(page, 'mirror, list');
	check('mirror: the style sheet is found', await page.evaluate(
		() => getComputedStyle(document.body).fontSize) === '18px');
	await picture(page, 'mirror-list');
	await page.locator('.alerts a').first().click();
	check('mirror: the alert opens in the language of the list',
		await page.locator('html').getAttribute('lang') === 'ru', page.url());
	await judge(page, 'mirror, alert');
	await picture(page, 'mirror-alert');
	await page.locator('.languages a[hreflang=ar]').click();
	check('mirror: its languages are there',
		await page.locator('html').getAttribute('dir') === 'rtl', page.url());
	await page.locator('header a').click();
	check('mirror: back to the list in that language',
		page.url().endsWith('/index.ar.html'), page.url());
	await page.goto(pathToFileURL(join(files, 'mirror/verify.en.html')).href);
	await judge(page, 'mirror, how to check');
	await picture(page, 'mirror-verify');
	check('mirror: nothing is asked of a server', asked.length === 0, asked);
	check('mirror: the message is the one that is served',
		readFileSync(join(files, `mirror/alert/${identifier}.xml`), 'utf8') === message);
	await context.close();
}

try {
	const context = await browse({ viewport: small, locale: 'en' });
	const code = await codeOf(await context.newPage());

	await context.close();
	check('the alert shows its code', /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/.test(code), code);
	for (const language of languages)
		await readAs(language, code);
	await byKeyboard();
	await asFiles();
} finally {
	await stop(service);
	finish();
}
