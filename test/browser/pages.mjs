// pages.mjs — the public pages and the desk's first page as a phone shows them: no
// sideways scrolling, nothing serious found by axe, the direction of the
// language, nothing asked of anybody else, nothing that needs a script.
// TOCSIN_PICTURES=DIR keeps pictures of what was seen.
import { join } from 'node:path';
import process from 'node:process';
import { browse, check, finish, makeInstallation, seriousFindings, serve, stop } from './lib.mjs';

const phone = { width: 360, height: 740 };
const installation = makeInstallation(3000);
const service = await serve(installation);
const strangers = [];

async function open(options) {
	const context = await browse({ viewport: phone, ...options });

	context.on('request', (request) => {
		if (new URL(request.url()).origin !== service.url)
			strangers.push(request.url());
	});
	return context;
}

async function picture(page, name) {
	if (process.env.TOCSIN_PICTURES)
		await page.screenshot({ path: join(process.env.TOCSIN_PICTURES, `${name}.png`) });
}

async function judge(page, name) {
	const width = await page.evaluate(() => document.documentElement.scrollWidth);
	const findings = await seriousFindings(page);

	check(`${name}: no sideways scrolling at 360 px`, width <= phone.width, width);
	check(`${name}: axe finds nothing serious`, findings.length === 0, findings);
	check(`${name}: the bands and the word of an exercise`,
		await page.locator('.band').count() === 2 &&
		(await page.title()).startsWith(await page.locator('.band strong').first().innerText()));
}

// What a reader of that language meets, from the list to the alert.
async function readAs(locale, direction, scheme) {
	const context = await open({ locale, colorScheme: scheme });
	const page = await context.newPage();
	const name = `${locale}, ${scheme}`;

	await page.goto(service.url + '/');
	check(`${name}: the list is in the reader's language`,
		await page.locator('html').getAttribute('lang') === locale);
	await judge(page, `${name}, list`);
	await picture(page, `list-${locale}-${scheme}`);
	await page.locator('.alerts a').first().click();
	check(`${name}: the alert is in the reader's language`,
		await page.locator('html').getAttribute('lang') === locale);
	check(`${name}: reads ${direction}`,
		await page.evaluate(() => getComputedStyle(document.body).direction) === direction);
	const box = await page.locator('ol li').first().boundingBox();
	const before = direction === 'rtl' ? phone.width - box.x - box.width : box.x;
	const after = phone.width - box.width - before;
	check(`${name}: the steps are indented from their own side`, before > after, box);
	await judge(page, `${name}, alert`);
	await picture(page, `alert-${locale}-${scheme}`);
	await context.close();
}

async function readWithoutScript() {
	const context = await open({ locale: 'en', javaScriptEnabled: false });
	const page = await context.newPage();

	await page.goto(service.url + '/');
	await page.locator('.alerts a').first().click();
	check('no script: the alert opens', (await page.locator('h1').innerText()).includes('Tbilisi'));
	await page.locator('.languages a[hreflang=ru]').click();
	check('no script: its language is switched by a link',
		await page.locator('html').getAttribute('lang') === 'ru');
	check('no script: none on the page', await page.locator('script').count() === 0);
	await context.close();
}

async function signIn() {
	const context = await open({ locale: 'en' });
	const page = await context.newPage();

	await page.goto(service.url + '/desk');
	check('desk: without a session to the sign-in page', page.url().endsWith('/desk/signin'));
	await page.goto(service.link);
	await judge(page, 'sign-in');
	await page.getByRole('button', { name: 'Sign in' }).click();
	check('desk: the link signs in', page.url() === service.url + '/desk', page.url());
	await judge(page, 'desk, list');
	await page.setViewportSize({ width: 1100, height: 400 });
	await picture(page, 'desk');
	await page.locator('td a').first().click();
	await page.setViewportSize(phone);
	await judge(page, 'desk, alert');
	await page.getByRole('button', { name: 'Sign out' }).click();
	await page.goto(service.url + '/desk');
	check('desk: signed out', page.url().endsWith('/desk/signin'), page.url());
	await page.goto(service.link);
	await page.getByRole('button', { name: 'Sign in' }).click();
	check('desk: the link works once', await page.locator('[role=alert]').count() === 1);
	await context.close();
}

try {
	await readAs('en', 'ltr', 'light');
	await readAs('ar', 'rtl', 'light');
	await readAs('en', 'ltr', 'dark');
	await readWithoutScript();
	await signIn();
	check('nothing was asked of another origin', strangers.length === 0, strangers);
} finally {
	await stop(service);
	finish();
}
