// axe-core on the pages of a folder, in a browser that reaches nothing else.
// Usage: node axe.mjs NODE_MODULES CHROMIUM FOLDER PAGE…; prints {page: {violations, requests, errors}} as JSON.
import { readFile, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, join, sep } from 'node:path'

const [modules, executablePath, folder, ...pages] = process.argv.slice(2)
const require = createRequire(join(modules, 'axe.js'))
const puppeteer = require('puppeteer-core')
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8')
const locale = require('axe-core/locales/zh_TW.json')

const ORIGIN = 'http://kan.invalid/' // a name that no host ever has (RFC 2606): every request is answered here
const WIDTHS = [360, 1440]
const SCHEMES = ['light', 'dark']
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.mjs': 'text/javascript',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg', '.webp': 'image/webp', '.woff2': 'font/woff2', '.ttf': 'font/ttf', '.xml': 'application/xml',
  '.atom': 'application/atom+xml', '.wasm': 'application/wasm', '.pdf': 'application/pdf',
}

const root = await realpath(folder)

async function fileAt(url) {
  const path = await realpath(join(root, decodeURIComponent(new URL(url).pathname)))
  if (path !== root && !path.startsWith(root + sep)) throw new Error('outside')
  return path
}

async function answer(request, found) {
  const url = request.url()
  if (/^(data|blob):/.test(url)) return request.continue()
  if (!url.startsWith(ORIGIN)) {
    found.requests.add(url)
    return request.abort()
  }
  try {
    const path = await fileAt(url)
    const contentType = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
    return await request.respond({ body: await readFile(path), contentType })
  } catch {
    if (!url.endsWith('/favicon.ico')) found.errors.add(`404 ${decodeURIComponent(url.slice(ORIGIN.length))}`)
    return request.respond({ status: 404, body: '' })
  }
}

// A colour that is still on its way from light to dark is none that anybody reads.
const SETTLE = 'document.getAnimations().forEach(each => { try { each.finish() } catch { each.cancel() } })'

// Chinese words are those of axe's own translation; ids, places and English ones come with every result.
const RUN = `(async () => {
  if (!window.kanEnglish) {
    window.kanEnglish = Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, rule.help]))
    axe.configure({ locale: ${JSON.stringify(locale)} })
  }
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  return violations.map(({ id, help, nodes }) => ({
    rule: id, zh: help, en: window.kanEnglish[id] ?? help,
    nodes: nodes.map(node => node.target.flat().join(' ')),
  }))
})()`

async function check(browser, name) {
  const found = { violations: {}, requests: new Set(), errors: new Set() }
  const page = await browser.newPage()
  try {
    await page.setRequestInterception(true)
    page.on('request', request => answer(request, found).catch(error => found.errors.add(String(error))))
    page.on('dialog', dialog => dialog.dismiss())
    const session = await page.createCDPSession()
    await session.send('Network.enable')
    session.on('Network.webSocketCreated', ({ url }) => found.requests.add(url))
    page.on('pageerror', error => found.errors.add(String(error)))
    await page.goto(ORIGIN + name.split('/').map(encodeURIComponent).join('/'), { waitUntil: 'load' })
    await page.evaluate(axe)
    for (const width of WIDTHS) {
      await page.setViewport({ width, height: 900 })
      for (const scheme of SCHEMES) {
        await page.emulateMediaFeatures([
          { name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' },
        ])
        await page.evaluate(SETTLE)
        found.violations[`${width} ${scheme}`] = await page.evaluate(RUN)
      }
    }
  } catch (error) {
    found.errors.add(String(error))
  } finally {
    await page.close()
  }
  return { violations: found.violations, requests: [...found.requests], errors: [...found.errors] }
}

const browser = await puppeteer.launch({
  executablePath, headless: true, timeout: 60000, protocolTimeout: 240000,
  args: [
    '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
})
const results = {}
const waiting = [...pages]
const worker = async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) results[name] = await check(browser, name)
}
await Promise.all([worker(), worker()])
await browser.close()
process.stdout.write(JSON.stringify(results))
