import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { checkHtml } from '../../support/html.ts'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { type Portal, type Upload, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor
let agent: Visitor
let destinataire: string
let pdf: Buffer

beforeAll(async () => {
  portal = await startPortal()
  cabinet = await portal.login('estuaire', 'CNS1')
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  const { rows } = await portal.owner.query<{ id: string }>(
    `select d.id from destinataires d join plateforme.organismes o on o.id = d.organisme_id
     where o.code = 'estuaire' order by ordre`,
  )
  destinataire = rows[0]!.id
  pdf = await makePdf()
})

const write = (who: Visitor, fields: Record<string, string> = {}, files: Upload[] = []) =>
  who.upload(
    '/messages/nouveau',
    { destinataire, objet: 'Une question', message: 'Bonjour.\nMerci.', ...fields },
    files,
  )
async function countMessages(): Promise<number> {
  const { rows } = await portal.owner.query<{ n: number }>('select count(*)::int as n from messages')
  return rows[0]!.n
}
const idIn = (location: unknown) => String(location).split('/').at(-1)!
const colleague = async (login: string) => (await portal.person('estuaire', login)).id

describe('Votre courrier', () => {
  it('F58: sent list, sender, subject, date, the newest first, with its two buttons', async () => {
    const { text } = await cabinet.get('/messages')
    expect(checkHtml(text)).toEqual([])
    for (const words of ['Expéditeur', 'Sujet', 'Date', 'Nouveau message électronique', 'Retour'])
      expect(text).toContain(words)
    expect(text.indexOf('Support de la formation TVA')).toBeLessThan(
      text.indexOf('Calendrier des attestations'),
    )
    expect(text).toMatch(/>\d{2}\/\d{2}\/\d{4}</)
    expect(text).toContain('non lu')
  })

  it('F59, F60, F61, F62: the form has a fixed sender, the predefined recipients, the rule of the attachments', async () => {
    const { text } = await cabinet.get('/messages/nouveau')
    expect(checkHtml(text)).toEqual([])
    expect(text).toContain('direction@vauquelin.example')
    expect(text).not.toMatch(/<input[^>]*name="de"/)
    expect(text).toContain('<option value="' + destinataire)
    expect(text).toContain('data-extensions="png,jpg,jpeg,gif,pdf"')
    expect(text).toContain('5\u00a0Mo')
    for (const words of ['Envoyer', 'Annuler', 'Fermer']) expect(text).toContain(words)
    expect(text).toContain('Capucine Marchandeau')
    expect(text).not.toContain('Muguette Renardière') // gone since two years
  })

  it('F59, F61: a message with two files is sent, kept, announced without a word of it', async () => {
    await portal.owner.query('delete from courriels')
    const answer = await write(cabinet, { copies: await colleague('COL14'), objet: 'Dossier secret' }, [
      { field: 'pieces', name: 'un.pdf', content: pdf },
      { field: 'pieces', name: 'deux.pdf', content: pdf },
    ])
    expect(answer.status, answer.text.slice(0, 300)).toBe(303)
    const page = await cabinet.get(String(answer.headers.location))
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('deux.pdf')
    const file = /href="(\/messages\/[^"]+\/fichiers\/[^"]+)"/.exec(page.text)![1]!
    expect((await cabinet.get(file)).status).toBe(200)
    const { rows } = await portal.owner.query<{ modele: string; destinataire: string }>(
      'select * from courriels order by modele',
    )
    expect(rows.map((r) => [r.modele, r.destinataire])).toEqual([
      ['message-copie', 'c.marchandeau@vauquelin.example'],
      ['message-recu', 'dossiers@estuaire.example'],
    ])
    expect(JSON.stringify(rows)).not.toContain('Dossier secret')
    // The copied colleague reads it; another one does not.
    const copied = await portal.login('estuaire', 'COL14')
    expect((await copied.get(String(answer.headers.location))).status).toBe(200)
    const other = await portal.login('estuaire', 'COL7')
    expect((await other.get(String(answer.headers.location))).status).toBe(404)
    expect((await other.get(file)).status).toBe(404)
    expect((await other.get('/messages')).text).not.toContain('Dossier secret')
  })

  it.each([
    ['virus.exe', 'MZ', 'format'],
    ['page.pdf', '<html><script>alert(1)</script>', 'PDF'],
  ])('F60: %s is refused on the server, nothing is kept', async (name, content) => {
    const before = await countMessages()
    const answer = await write(cabinet, { objet: 'Piège' }, [{ field: 'pieces', name, content }])
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Rien n’a été envoyé')
    expect(answer.text).toContain('value="Piège"')
    expect(await countMessages()).toBe(before)
  })

  it('F61: more than 5 Mo is refused', async () => {
    const content = Buffer.concat([pdf, Buffer.alloc(5 * 1024 * 1024)])
    expect((await write(cabinet, {}, [{ field: 'pieces', name: 'gros.pdf', content }])).status).toBe(413)
  })

  it('F59: a copy goes to nobody outside the firm, nor a message to an address of one’s own', async () => {
    const outside = await write(cabinet, { copies: await colleague('CNS2') })
    expect(outside.status).toBe(422)
    expect(outside.text).toContain('une personne de votre cabinet')
    const { rows } = await portal.owner.query<{ id: string }>(
      `select d.id from destinataires d join plateforme.organismes o on o.id = d.organisme_id where o.code = 'midi'`,
    )
    expect((await write(cabinet, { destinataire: rows[0]!.id })).status).toBe(422)
    expect((await write(cabinet, { de: 'direction@autre.example' })).status).toBe(422)
    const person = await portal.person('estuaire', 'CNS2')
    const insert = portal.as('estuaire', 'CNS1', async (db) => {
      const { id } = await db.one<{ id: string }>(
        sql`select id from fils where ouvert_par = app.utilisateur_id() limit 1`,
      )
      await db.run(
        sql`insert into fils_copies (fil_id, utilisateur_id, nom) values (${id}, ${person.id}, 'x')`,
      )
    })
    await expect(insert).rejects.toThrow(/row-level security/)
  })

  it('an adhérent writes too, from the contact page, without copies', async () => {
    const solene = await portal.login('estuaire', '657')
    expect((await solene.get('/contact')).text).toContain('href="/messages/nouveau"')
    const form = await solene.get('/messages/nouveau')
    expect(form.text).not.toContain('name="copies"')
    const answer = await write(solene, { objet: 'De moi' })
    expect(answer.status).toBe(303)
    expect((await cabinet.get(String(answer.headers.location))).status).toBe(404)
  })
})

describe('the organisme answers in the same thread', () => {
  it('reads, answers, and the person reads it there; unread until then', async () => {
    const sent = await write(cabinet, { objet: 'Quand ?' })
    const id = idIn(sent.headers.location)
    const inbox = await agent.get('/gestion/demandes?genre=message')
    expect(checkHtml(inbox.text)).toEqual([])
    expect(inbox.text).toContain('Quand ?')
    const page = await agent.get(`/gestion/messages/${id}`)
    expect(checkHtml(page.text)).toEqual([])
    const answer = await agent.upload(`/gestion/messages/${id}/reponse`, { message: 'Demain.' }, [])
    expect(answer.status).toBe(303)
    expect((await cabinet.get('/a-faire')).text).toContain('Quand ?')
    const thread = await cabinet.get(`/messages/${id}`)
    expect(thread.text.indexOf('Bonjour.')).toBeLessThan(thread.text.indexOf('Demain.'))
    expect((await cabinet.get('/a-faire')).text).not.toContain('Quand ?')
    expect((await agent.get('/gestion/demandes?genre=message')).text).not.toContain('Quand ?')
    // A further word puts it back before the organisme.
    expect((await cabinet.upload(`/messages/${id}/suite`, { message: 'À quelle heure ?' }, [])).status).toBe(
      303,
    )
    expect((await agent.get('/gestion/demandes?genre=message')).text).toContain('Quand ?')
  })

  it('closes, tells whoever answers a moment later, and opens again with a word of the person', async () => {
    const id = idIn((await write(cabinet, { objet: 'Clos' })).headers.location)
    const admin = await portal.login('estuaire', 'admin@estuaire.example')
    expect((await agent.post(`/gestion/messages/${id}/cloture`)).status).toBe(303)
    const late = await admin.upload(`/gestion/messages/${id}/reponse`, { message: 'Trop tard' }, [])
    expect(late.status).toBe(422)
    expect(late.text).toContain('vient d’être clos')
    await cabinet.upload(`/messages/${id}/suite`, { message: 'Encore un mot' }, [])
    expect((await agent.get('/gestion/demandes?genre=message')).text).toContain('Clos')
  })

  it('the organisme of another host sees none of it', async () => {
    const id = idIn((await write(cabinet, { objet: 'Chez nous' })).headers.location)
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.get(`/gestion/messages/${id}`)).status).toBe(404)
    expect((await foreign.upload(`/gestion/messages/${id}/reponse`, { message: 'x' }, [])).status).toBe(404)
  })
})
