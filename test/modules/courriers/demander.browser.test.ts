import { beforeAll, expect, it } from 'vitest'
import { LOOKS, describeBrowser, look } from '../../support/browser.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { openSignedIn } from '../../support/signed-in.ts'
import { runTravail } from '../../support/travail.ts'

describeBrowser('asking many, from the model to the closing', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await startPortal()
  })

  async function runLast(genre: string): Promise<void> {
    const { rows } = await portal.owner.query<{ id: string }>(
      'select id from travaux where genre = $1 order by cree_le desc limit 1',
      [genre],
    )
    await runTravail(portal, 'estuaire', rows[0]!.id)
  }

  it.each(LOOKS)(
    'model, selection, preview, sent, answered, next, closed, reminded ($width px)',
    async (m) => {
      const open = (login: string) => openSignedIn(portal, 'estuaire', login, m)
      const nom = `Loyer ${m.width}`
      const maud = await open('agent@estuaire.example')
      maud.expectStatus(422)

      await maud.goto('/gestion/courriers/modeles')
      await look(maud, 'demander-modeles')
      await maud.getByRole('link', { name: 'Nouveau modèle' }).click()
      // A card that opens says so: closed and without a mark it would be an empty one.
      const mark = `getComputedStyle(document.querySelector('details.card > summary'), '::after').borderBottomWidth`
      expect(await maud.evaluate(mark)).toBe('2px')
      await maud.getByLabel('Nom du modèle').fill(nom)
      await maud.getByLabel('Objet').fill('Loyer de {{nom}} {{prenom}}')
      await maud.getByLabel('Texte de la demande 1').fill('Quelle surface sert à l’activité ?')
      await maud.getByRole('button', { name: 'Ajouter une demande' }).click()
      await maud.getByLabel('Texte de la demande 2').fill('Le bail')
      await maud.getByLabel('Demande 2', { exact: true }).selectOption('piece')
      await maud.getByRole('button', { name: 'Enregistrer le modèle' }).click()
      await maud.getByRole('alert').waitFor()
      expect(await maud.textContent('main')).toContain('La variable {{prenom}} n’existe pas.')
      await look(maud, 'demander-modele-faux')
      await maud.getByLabel('Objet').fill(`Loyer de {{nom}} (${m.width})`)
      await maud.getByRole('button', { name: 'Enregistrer le modèle' }).click()
      await maud.getByRole('status').first().waitFor()
      await look(maud, 'demander-modele')

      await maud.getByRole('link', { name: 'Écrire à plusieurs' }).click()
      await look(maud, 'demander-envoi-nouveau')
      expect(await maud.getByLabel('Modèle', { exact: true }).inputValue()).not.toBe('')
      await maud.getByText('Liste de numéros ou de noms').click()
      await maud.getByLabel('Numéros d’adhérent ou noms').fill('940, 803')
      await maud.getByRole('button', { name: 'Préparer l’envoi' }).click()
      await maud.getByRole('heading', { name: /2\scourriers à envoyer/ }).waitFor()
      await look(maud, 'demander-envoi')
      await maud.getByRole('button', { name: 'Envoyer les 2 courriers' }).click()
      await maud.getByRole('status').first().waitFor()
      await runLast('courriers.envoi')
      await maud.goto(maud.url())
      await maud.getByRole('heading', { name: /2\scourriers envoyés/ }).waitFor()
      await look(maud, 'demander-envoi-fini')

      const ines = await open('940')
      await ines.goto('/courriers')
      await ines
        .getByRole('link', { name: new RegExp(`Loyer de Mme DELMASURE Inès \\(${m.width}\\)`) })
        .click()
      expect(await ines.textContent('main')).toMatch(/1\squestion et 1\spièce demandée/)
      await ines.getByRole('link', { name: 'Répondre', exact: true }).click()
      await ines.getByLabel('Votre réponse à la question 1').fill('12 m² sur 80.')
      await ines.getByLabel('Sans objet').check()
      await ines.getByLabel('Raison, ou précision sur la pièce 2').fill('Je suis propriétaire.')
      await look(ines, 'demander-reponse')
      await ines.getByRole('button', { name: 'Relire et envoyer' }).click()
      await ines.getByRole('button', { name: 'Envoyer la réponse' }).click()
      await ines.getByText('Accusé de réception').waitFor()
      await look(ines, 'demander-accuse')

      await maud.goto('/gestion/courriers?etat=a-traiter')
      await look(maud, 'demander-a-traiter')
      const waiting = await maud.locator('td.titre').count()
      await maud.getByRole('button', { name: 'Traiter les réponses' }).click()
      await maud.getByText(`1 sur ${waiting}`).waitFor()
      await look(maud, 'demander-traitement')
      for (let i = 1; i < waiting; i++) {
        await maud.getByRole('button', { name: 'Passer sans décider' }).click()
        await maud.getByText(`${i + 1} sur ${waiting}`).waitFor()
      }
      expect(await maud.textContent('main')).toContain('Je suis propriétaire.')
      await maud.getByRole('radio', { name: 'Accepter' }).first().check()
      await maud.getByRole('radio', { name: 'Refuser' }).check()
      await maud.getByRole('button', { name: 'Enregistrer et ouvrir le suivant' }).click()
      await maud.getByRole('alert').waitFor()
      expect(await maud.textContent('main')).toContain('Dites ce qui manque')
      await look(maud, 'demander-traitement-faux')
      await maud.getByRole('button', { name: 'Tout accepter' }).click()
      await maud.getByText('Vous êtes au bout de la liste.').waitFor()
      await ines.goto('/courriers/archives')
      await ines
        .getByRole('link', { name: new RegExp(`Loyer de Mme DELMASURE Inès \\(${m.width}\\)`) })
        .click()
      expect(await ines.textContent('main')).toContain('clos le')

      await portal.owner.query(
        `update courriers set a_repondre_avant = current_date - 12
       where objet = $1 and repondu_le is null`,
        [`Loyer de Mme ROUMEGOUX Thaïs (${m.width})`],
      )
      await maud.goto('/gestion/relances')
      await look(maud, 'demander-relances')
      expect(await maud.textContent('main')).toContain(`Loyer de Mme ROUMEGOUX Thaïs (${m.width})`)
      await maud.getByRole('button', { name: /^Envoyer l/ }).click()
      await maud.getByRole('status').first().waitFor()
      await runLast('courriers.relances')
      await maud.goto('/gestion/relances')
      await maud.getByText('Rien à relancer aujourd’hui').waitFor()
      await maud.getByRole('link', { name: 'Relances envoyées' }).click()
      expect(await maud.textContent('main')).toContain(`Loyer de Mme ROUMEGOUX Thaïs (${m.width})`)
      await look(maud, 'demander-relances-envoyees')
      await maud.goto('/gestion/relances/regles')
      await look(maud, 'demander-regles')
      const gaspard = await open('admin@estuaire.example')
      await gaspard.goto('/gestion/relances/regles')
      await gaspard.getByRole('button', { name: 'Enregistrer les règles' }).click()
      await gaspard.getByRole('status').first().waitFor()
      await look(gaspard, 'demander-regles-admin')
    },
    90_000,
  )
})
