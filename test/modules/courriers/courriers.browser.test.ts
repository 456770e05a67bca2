import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { audit, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'
import { publish, questionsOf } from './courriers.ts'

/** Longer than the pause after which what is typed is saved. */
const WAIT = { timeout: 8_000 }
const MATRIX = ([1366, 360] as const).flatMap((width) =>
  [true, false].map((javaScript) => ({ width, javaScript })),
)

describeBrowser('a courrier of questions, as four people', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  it.each(MATRIX)(
    'question, draft, answer, waiting, rejected, corrected, accepted, received ($width px, JavaScript $javaScript)',
    async ({ width, javaScript }) => {
      const open = (login: string) => openSignedIn(portal, 'estuaire', login, { width, javaScript })
      const objet = `Contrôle ${width} ${javaScript ? 'avec' : 'sans'}`

      const maud = await open('agent@estuaire.example')
      maud.expectStatus(422)
      const modele = await portal.owner.query<{ id: string }>(
        `select m.id from modeles_courriers m join plateforme.organismes o on o.id = m.organisme_id
         where o.code = 'estuaire' and m.cle = 'csg-deductible'`,
      )
      await maud.goto(`/gestion/courriers/nouveau?numero=657&modele=${modele.rows[0]!.id}`)
      await look(maud, 'courriers-gestion-nouveau')
      expect(await maud.getByLabel('Question 1').inputValue()).toContain('Aucune CSG déductible')
      await maud.getByLabel('Objet').fill('')
      await maud.getByRole('button', { name: 'Publier et prévenir' }).click()
      await maud.getByRole('alert').waitFor()
      expect(await maud.textContent('main')).toContain('Indiquez l’objet.')
      await maud.getByLabel('Objet').fill(objet)
      await maud.getByLabel('Question 2').fill('Quelle surface est affectée à l’activité ?')
      await maud.getByRole('button', { name: 'Publier et prévenir' }).click()
      await maud.getByRole('status').first().waitFor()
      expect(await maud.getByRole('status').first().textContent()).toContain('est publié')
      await look(maud, 'courriers-gestion-courrier')
      const id = new URL(maud.url()).pathname.split('/').pop()!

      const capucine = await open('COL14')
      await capucine.goto('/courriers')
      await look(capucine, 'courriers-liste')
      await capucine.getByRole('link', { name: `Courrier de questions : ${objet}` }).click()
      await look(capucine, 'courriers-courrier')
      await capucine.getByRole('link', { name: 'Répondre', exact: true }).click()
      await look(capucine, 'courriers-reponse')
      await capucine.getByLabel('Votre réponse à la question 1').fill('Oui, elle a été omise.')
      await capucine.getByLabel('Votre réponse à la question 2').fill('14 m² sur 96.')
      const joined = { name: 'plan.pdf', mimeType: 'application/pdf', buffer: await makePdf() }
      await capucine.getByLabel('Pièces jointes à la question 2').setInputFiles(joined)
      // With JavaScript a file that is chosen is kept at once; without, with the draft.
      if (!javaScript) await capucine.getByRole('button', { name: 'Enregistrer le brouillon' }).click()
      await capucine.getByRole('link', { name: 'plan.pdf' }).waitFor()
      expect(await capucine.getByLabel('Votre réponse à la question 1').inputValue()).toBe(
        'Oui, elle a été omise.',
      )
      await look(capucine, 'courriers-brouillon')
      await capucine.getByRole('button', { name: 'Relire et envoyer' }).click()
      await capucine.getByRole('heading', { level: 1, name: 'Relire avant d’envoyer' }).waitFor()
      await look(capucine, 'courriers-envoi')
      await capucine.getByRole('button', { name: 'Envoyer à la validation' }).click()
      await capucine.getByText('En attente de validation').first().waitFor()
      await look(capucine, 'courriers-attente')

      const jeremie = await open('COL16')
      await jeremie.goto('/supervision/validations')
      await look(jeremie, 'courriers-validations')
      const { rows } = await portal.owner.query<{ id: string }>(
        'select id from reponses where courrier_id = $1',
        [id],
      )
      await jeremie.goto(`/supervision/validations/${rows[0]!.id}`)
      await look(jeremie, 'courriers-validation')
      await jeremie.getByLabel('Motif du rejet').fill('Précisez la surface réintégrée.')
      await jeremie.getByRole('button', { name: 'Rejeter la réponse' }).click()
      expect(await jeremie.getByRole('status').first().textContent()).toContain('La réponse est rejetée')

      await capucine.goto(`/courriers/${id}/reponse`)
      expect(await capucine.textContent('main')).toContain('Précisez la surface réintégrée.')
      await look(capucine, 'courriers-rejet')
      expect(await capucine.getByRole('link', { name: 'plan.pdf' }).count()).toBe(1)
      await capucine.getByLabel('Votre réponse à la question 2').fill('14 m² sur 96, soit 15 %, réintégrés.')
      await capucine.getByRole('button', { name: 'Relire et envoyer' }).click()
      await capucine.getByRole('button', { name: 'Envoyer à la validation' }).click()
      await capucine.getByText('En attente de validation').first().waitFor()

      const next = await portal.owner.query<{ id: string }>(
        'select id from reponses where courrier_id = $1 and rejetee_le is null', [id]) // prettier-ignore
      await jeremie.goto(`/supervision/validations/${next.rows[0]!.id}`)
      expect((await jeremie.locator('ins').allTextContents()).join(' ')).toContain('soit 15 %, réintégrés.')
      await look(jeremie, 'courriers-validation-change')
      await jeremie.getByRole('button', { name: 'Accepter et transmettre' }).click()
      expect(await jeremie.getByRole('status').first().textContent()).toContain('acceptée et transmise')

      await maud.goto('/gestion/courriers?etat=a-traiter')
      await look(maud, 'courriers-gestion-liste')
      await maud.getByRole('link', { name: objet }).click()
      expect(await maud.textContent('main')).toContain('14 m² sur 96, soit 15 %, réintégrés.')
      await look(maud, 'courriers-gestion-reponse')
      await maud.getByRole('button', { name: 'Noter comme satisfaite : question 1' }).click()
      await maud.getByRole('button', { name: 'Clore le courrier' }).click()
      expect(await maud.textContent('main')).toContain('Clos')

      await capucine.goto(`/reponses/${next.rows[0]!.id}`)
      await look(capucine, 'courriers-accuse')
      await capucine.goto('/courriers/archives')
      expect(await capucine.getByRole('link', { name: objet }).count()).toBe(1)
      for (const page of [maud, capucine, jeremie]) {
        expect(page.problems()).toEqual([])
        await page.close()
      }
    },
    90_000,
  )

  it('what is typed is saved without a click, and shown to a colleague who is told who writes', async () => {
    const id = await publish(portal, '12', ['Une ?', 'Deux ?'])
    const [q1] = await questionsOf(portal, id)
    const capucine = await openSignedIn(portal, 'estuaire', 'COL14', {})
    await capucine.goto(`/courriers/${id}/reponse`)
    await capucine.getByLabel('Votre réponse à la question 1').fill('Je commence')
    await capucine.getByText(/Brouillon enregistré à/).waitFor()
    const cabinet = await openSignedIn(portal, 'estuaire', 'CNS1', {})
    cabinet.expectStatus(409)
    await cabinet.goto(`/courriers/${id}/reponse`)
    expect(await cabinet.textContent('main')).toContain('Capucine Marchandeau écrit en ce moment')
    expect(await cabinet.getByLabel('Votre réponse à la question 1').inputValue()).toBe('Je commence')
    // Both go on in the same question: the second is shown both, and loses neither.
    await capucine.getByLabel('Votre réponse à la question 1').fill('Je commence et je finis')
    await sleep(100)
    await capucine.getByText(/Brouillon enregistré à/).waitFor()
    await expect.poll(async () => (await portal.owner.query<{ t: string }>('select textes ->> $2 as t from brouillons where courrier_id = $1', [id, q1])).rows[0]!.t, WAIT).toBe('Je commence et je finis') // prettier-ignore
    await cabinet.getByLabel('Votre réponse à la question 1').fill('Une autre version')
    await cabinet.getByRole('button', { name: 'Garder les deux' }).click()
    await expect.poll(async () => (await portal.owner.query<{ t: string }>('select textes ->> $2 as t from brouillons where courrier_id = $1', [id, q1])).rows[0]!.t, WAIT).toBe('Je commence et je finis\n\nUne autre version') // prettier-ignore
    expect(await audit(cabinet)).toEqual([])
    await capucine.close()
    await cabinet.close()
  }, 40_000)

  it('what is typed after the session is over stays in the browser, and is there again after logging in', async () => {
    const id = await publish(portal, '58', ['Une ?'])
    const page = await openSignedIn(portal, 'estuaire', 'COL14', {})
    page.expectStatus(403)
    await page.goto(`/courriers/${id}/reponse`)
    await portal.owner.query('delete from acces.sessions')
    await page.getByLabel('Votre réponse à la question 1').fill('Une heure de travail')
    await page
      .getByText(/gardé dans ce navigateur/)
      .first()
      .waitFor()
    const { cookies } = await portal.login('estuaire', 'COL14')
    await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: portal.url })))
    await page.goto(`/courriers/${id}/reponse`)
    expect(await page.getByLabel('Votre réponse à la question 1').inputValue()).toBe('Une heure de travail')
    expect(await page.getByText('Un texte non enregistré a été gardé').isVisible()).toBe(true)
    expect(await audit(page)).toEqual([])
    await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click()
    await page
      .getByText(/Brouillon enregistré à/)
      .first()
      .waitFor()
    await page.reload()
    expect(await page.getByText('Un texte non enregistré a été gardé').isVisible()).toBe(false)
    expect(await page.getByLabel('Votre réponse à la question 1').inputValue()).toBe('Une heure de travail')
    await page.close()
  }, 40_000)

  it('a superviseur names a substitute, and the page of the queue works for him', async () => {
    for (const width of [1366, 360] as const) {
      const jeremie = await openSignedIn(portal, 'estuaire', 'COL16', { width })
      await jeremie.goto('/supervision/validations/suppleance')
      await look(jeremie, 'courriers-suppleance')
      expect(jeremie.problems()).toEqual([])
      await jeremie.close()
    }
  })
})
