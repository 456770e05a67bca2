import { getDocumentProxy } from 'unpdf'
import { beforeAll, describe, expect, it } from 'vitest'
import { makePdf } from './kernel/files/pdf-maker.ts'
import { makeXlsx, makeZip } from './kernel/files/zip-maker.ts'
import { Journey } from './modules/imports/journey.ts'
import { plain, stored } from './modules/transferts/stored.ts'
import { deposit, pdfOf, travailOf, zipOf } from './support/campagne.ts'
import { type Answer, type Portal, type Upload, type Visitor, startPortal } from './support/portal.ts'
import { runTravail } from './support/travail.ts'

/*
 * Files that harm whoever opens them, by every door through which people send files to the organisme. Each is refused
 * with a sentence that says what to do, and leaves nothing behind.
 */

const MO = 1024 * 1024
const MOTIF = { motif: '{numero}_{titre}', genre: 'autre' }
const PROTEGE = 'est protégé par un mot de passe'

let portal: Portal
let maud: Visitor
let solene: Visitor
/** As people have them: opened with a password; opened by all, printed by none; with the cipher of 1999. */
let locked: Record<string, Buffer>

beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  solene = await portal.login('estuaire', '657')
  locked = {
    'avec mot de passe': await makePdf({ userPassword: 'secret', ownerPassword: 'x', pdfVersion: '1.7ext3' }),
    'sans impression': await makePdf({ ownerPassword: 'x', permissions: { copying: false }, pdfVersion: '1.7' }),
    'RC4 de 1999': await makePdf({ userPassword: 'secret', pdfVersion: '1.3' }),
  } // prettier-ignore
})

const sheet = (content: Buffer, name = 'lot.zip', field = 'fichiers'): Upload => ({ field, name, content })

/** By which door, and what it answers. */
const DOORS: Record<string, (file: Upload) => Promise<Answer>> = {
  campagne: (file) =>
    maud.upload(
      '/gestion/publications/nouvelle',
      { titre: 'x', exercice: '', repondeur: 'adherent', ...MOTIF },
      [file],
    ),
  index: (file) =>
    maud.upload(
      '/gestion/publications/nouvelle',
      { titre: 'x', exercice: '', repondeur: 'adherent', ...MOTIF },
      [sheet(pdfOf('x'), '657_x.pdf'), { ...file, field: 'index' }],
    ),
  import: (file) => maud.upload('/gestion/imports', { genre: 'adherents' }, [{ ...file, field: 'fichier' }]),
  transfert: (file) => solene.upload('/transferts', { genre: 'pieces', message: '' }, [file]),
}

async function refused(door: keyof typeof DOORS, file: Upload, sentence: string): Promise<void> {
  const before = await stored(portal)
  const answer = await DOORS[door]!(file)
  expect([door, answer.status]).toEqual([door, 422])
  expect(plain(answer.text), door).toContain(sentence)
  expect(await stored(portal), door).toEqual(before)
}

const documents = async () =>
  (await portal.owner.query<{ n: number }>('select count(*)::int as n from documents')).rows[0]!.n

describe('a PDF with a password', () => {
  it('is refused in a transfer and in a campaign of loose PDFs, by its name', async () => {
    for (const name of ['avec mot de passe', 'RC4 de 1999']) {
      const opened = getDocumentProxy(new Uint8Array(locked[name]!))
      await expect(opened).rejects.toMatchObject({ name: 'PasswordException' })
    }
    for (const [name, content] of Object.entries(locked)) {
      for (const door of ['transfert', 'campagne']) {
        const file = sheet(content, `657_${name}.pdf`)
        await refused(door, file, `Le fichier « 657_${name}.pdf » ${PROTEGE} ou chiffré. Enregistrez-le sans`)
      }
    }
  })

  it('in the zip of a campaign stands aside in the trial, and is not published with the others', async () => {
    const files = Object.fromEntries(
      Object.entries(locked).map(([name, content]) => [`657_${name}.pdf`, content]),
    )
    const id = await deposit(maud, MOTIF, [sheet(await zipOf({ ...files, '657_sain.pdf': pdfOf('sain') }))])
    const before = await documents()
    await runTravail(portal, 'estuaire', await travailOf(portal, id))
    const page = plain((await maud.get(`/gestion/publications/${id}/lignes?verdict=protege`)).text)
    for (const name of Object.keys(files)) expect(page).toContain(name)
    expect(page).toContain('Le PDF est protégé par un mot de passe ou chiffré.')
    expect(await documents()).toBe(before)
    const confirmed = await maud.post(`/gestion/publications/${id}/confirmation`, {
      prevenir: '',
      quand: 'maintenant',
      jour: '',
      heure: '',
    })
    expect(confirmed.status).toBe(303)
    await runTravail(portal, 'estuaire', await travailOf(portal, id))
    const { rows } = await portal.owner.query(
      `select nom from publication_lignes where publication_id = $1 and document_id is not null`,
      [id],
    )
    expect(rows).toEqual([{ nom: '657_sain.pdf' }])
    expect(await documents()).toBe(before + 1)
  })
})

describe('an archive that unpacks to much more than it weighs', () => {
  it('is refused by every door, in less than three seconds and fifty megabytes', async () => {
    const zip = makeZip([{ name: '657_x.pdf', content: Buffer.alloc(150 * MO) }])
    const xlsx = makeXlsx([{ name: 'xl/sharedStrings.xml', content: Buffer.alloc(130 * MO, ' ') }])
    expect(zip.length + xlsx.length).toBeLessThan(3 * MO)
    const memory = process.memoryUsage().rss
    const begun = performance.now()
    await refused('campagne', sheet(zip), 'devient trop volumineux une fois décompressé')
    await refused('transfert', sheet(zip), 'devient trop volumineux une fois décompressé')
    for (const door of ['index', 'import', 'transfert'])
      await refused(door, sheet(xlsx, 'tableau.xlsx'), 'devient trop volumineux une fois décompressé')
    expect((performance.now() - begun) / 5).toBeLessThan(3_000)
    expect((process.memoryUsage().rss - memory) / MO).toBeLessThan(50)
  })
})

describe('a table in another encoding', () => {
  const text = 'Fichier;N° adhérent;Type;Exercice;Titre\r\nécrit.pdf;657;autre;2025;Reçu d’été à 10 €\r\n'
  const encodings: Record<string, Buffer> = {
    'Windows-1252': Buffer.from(text.replace('’', '\x92').replace('€', '\x80'), 'latin1'),
    'UTF-16': Buffer.from(`\ufeff${text}`, 'utf16le'),
    'UTF-8': Buffer.from(`\ufeff${text}`),
  }

  it('is read as it was meant, in the index of a campaign', async () => {
    const zip = await zipOf({ 'écrit.pdf': pdfOf('x') })
    for (const [name, index] of Object.entries(encodings)) {
      const id = await deposit(maud, {}, [sheet(zip), sheet(index, 'index.csv', 'index')])
      await runTravail(portal, 'estuaire', await travailOf(portal, id))
      const { rows } = await portal.owner.query(
        'select nom, titre, verdict from publication_lignes where publication_id = $1',
        [id],
      )
      expect([name, rows]).toEqual([
        name,
        [{ nom: 'écrit.pdf', titre: 'Reçu d’été à 10 €', verdict: 'pret' }],
      ])
    }
  })

  it('is refused when it is in none, and never read as gibberish', async () => {
    for (const door of ['index', 'import']) {
      await refused(
        door,
        sheet(Buffer.from([0x6e, 0xb0, 0x3b, 0x81, 0x8d, 0x0a]), 'x.csv'),
        'n’est pas un texte lisible',
      )
      await refused(door, sheet(Buffer.from('numéro;nom\n1;\0\0\n'), 'x.csv'), 'n’est pas un texte lisible')
    }
  })
})

describe('a formula in a name', () => {
  const FORMULA = '=HYPERLINK("http://x.example";"y")'

  it('stays a text in the file to correct of a campaign and of an import', async () => {
    const index = `Fichier;N° adhérent;Type;Exercice;Titre\n+cmd.pdf;99999;autre;2025;"${FORMULA.replaceAll('"', '""')}"\n`
    const id = await deposit(maud, {}, [
      sheet(await zipOf({ '+cmd.pdf': pdfOf('x') })),
      sheet(Buffer.from(index), 'index.csv', 'index'),
    ])
    await runTravail(portal, 'estuaire', await travailOf(portal, id))
    const csv = (await maud.get(`/gestion/publications/${id}/a-corriger.csv`)).text
    expect(csv).toContain(`"'+cmd.pdf"`)
    expect(csv).toContain(`"'=HYPERLINK(""http://x.example""`)

    const essai = await new Journey(portal, maud).essaieTout(
      'adherents',
      `numéro;dénomination;adhésion\n7300;"${FORMULA.replaceAll('"', '""')}";pas un jour\n`,
    )
    expect(essai.comptes).toMatchObject({ refuse: 1 })
    expect((await maud.get(`${essai.path}/a-corriger.csv`)).text).toContain(`"'=HYPERLINK(`)
    const shown = (await maud.get(`${essai.path}?lignes=refuse`)).text
    expect(shown).not.toContain('<a href="http://x.example"')
  })
})
