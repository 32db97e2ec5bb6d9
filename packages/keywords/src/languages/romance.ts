import type { Language } from '../concepts.ts'

export const spanish: Language = {
  code: 'es',
  optOut: [
    'ALTO',
    'BAJA',
    'CANCELAR',
    'PARAR',
    'PARE',
    'PAREN',
    'DETENER',
    'BASTA',
    'DESUSCRIBIR',
    'DESUSCRIBIRME',
    'DAR DE BAJA',
    'DARME DE BAJA',
    'DARSE DE BAJA',
    'SALIR',
    'NO MAS',
    'CANCELA',
    'ALTO TODO',
    'ELIMINAR',
    'ANULAR SUSCRIPCION',
    'CANCELAR SUSCRIPCION',
    'TERMINAR',
    'FINALIZAR',
    'REVOCAR',
  ],
  optIn: ['INICIAR', 'REANUDAR', 'COMENZAR'],
  help: ['AYUDA'],
  words: {
    stop: 'detenganse, detente, paren, pare de, para de, paren de, pares de, parad, dejen de, deje de, deja de, dejad de, dejar de, cesen, cese, detengan, detenga, alto, basta de, basta, parar de, ya no, ya paren, ya basta, stop',
    contact:
      'enviar*, mandar*, escribir*, contactar*, molestar*, textear*, texteandome, acosar*, llamar*, enviando*, mandando*, escribiendo*, molestando*, mensajear*',
    order:
      'enviar, escribir, mandar, contactar, molestar, textear, llamar, envie, envien, envies, enviéis, mande, manden, mandes, escriba, escriban, escribas, contacte, contacten, contactes, moleste, molesten, molestes, texteen, llamen, enviarme, mandarme, escribirme, contactarme, molestarme, textearme, llames, llame, vuelvan a, vuelva a, vuelvas a, volver a, envieis, mandeis, escribais',
    message:
      'mensaje, mensajes, mensajitos, sms, texto, textos, notificacion, notificaciones, publicidad, promociones, promocion, anuncios, avisos, alertas, propaganda, spam, msj, msjs, mensages, whatsapp',
    not: 'no, nunca, nunca mas, jamas, tampoco, ya no',
    more: 'mas, nunca mas, otra vez, de nuevo, jamas',
    noMore: 'no mas, basta de, ni un, ni uno',
    want: 'quiero, queremos, deseo, quisiera, quieren, interesa, necesito, autorizo, autorice, pedi, solicite, consiento, quiere, me gusta recibir, acepto',
    receive: 'recibir, recibirlos, recibirlas, recibo, recibiendo, recibiera',
    me: 'quitenme, quiteme, quitame, borrenme, borrame, borreme, eliminenme, eliminame, elimineme, saquenme, sacame, saqueme, retirenme, retireme, me, mi, mi numero, este numero, a mi, nos, mis datos, mi telefono, mi celular, numero',
    remove:
      'eliminame, quitenme, quiteme, quitame, quiten, quite, quitar, quitarme, borren, borrenme, borrar, borre, borrame, borreme, eliminen, eliminenme, eliminar, elimine, elimineme, saquen, saquenme, saqueme, sacame, sacar, saque, remover, remuevan, remuevanme, retiren, retirenme, retirar, retireme, borrarme, eliminarme, sacarme',
    list: 'lista, listas, base de datos, base, sistema, registro, registros, contactos, lista de contactos, agenda',
    unsubscribe:
      'darme de baja, dar de baja, denme de baja, deme de baja, dame de baja, desuscribir*, desuscriban*, desuscribe*, desinscribir*, cancelar suscripcion, cancelar mi suscripcion, anulen mi suscripcion, anule mi suscripcion, anulen la suscripcion, terminar mi suscripcion, cancelen mi suscripcion, cancele mi suscripcion, cancela mi suscripcion, anular suscripcion, anular mi suscripcion, desapuntar*, desapunten*, revoco mi consentimiento, retiro mi consentimiento',
    cancel:
      'cancelo, cancelar, cancelen, cancele, cancela, anular, detener, terminar, terminen, cancelar los, cancelen los',
    keyword: 'equivocado, numero equivocado',
    wrong:
      'numero equivocado, numero incorrecto, persona equivocada, se equivoco de numero, se equivocaron de numero, ya no es de, se equivocan de, se equivoca de, equivocado de numero, equivocada de numero, no soy yo, no es mi nombre, se equivoca de numero, este no es el numero, este no es su numero, no es el numero de, no conozco a, ya no es el numero, te equivocaste de numero',
    leave:
      'dejenme en paz, dejame en paz, dejeme en paz, dejen en paz, dejenme tranquilo, dejenme tranquila, dejame tranquilo, dejame tranquila, no molesten, no molestar, no moleste, no me molesten, no me moleste, no molestes, olviden mi numero, vayanse a la, vete a la, pierdan mi numero, olvidense de mi',
    threat:
      'los voy a denunciar, denunciare, los denuncio, voy a demandar, los demandare, los voy a reportar, reportare, reportado como spam, los bloqueo, bloqueado, bloqueare, es acoso',
    keep: 'no paren, no pare, no pares, no dejen de, no deje de, no dejes de, no cancelen, no me quiten, no me borren, no me saquen, no quiero cancelar, no quiero darme de baja, no me den de baja, no me quiero dar de baja, no quiero salir, no quiero dejar, no quiero parar, sigan enviando, sigan mandando, sigan enviandome, no olviden, no olvides, no se olviden, no puedo, no pude, por error, sin querer, no dude en, no duden en, no dudes en, no quiero perder*, no me elimin*',
    ordinary:
      'cita, citas, reserva, reservacion, reservaciones, pedido, pedidos, orden, ordenes, vuelo, vuelos, viaje, clase, clases, cuenta, carrito, articulo, reunion, tienda, parada, entrega, envio, mesa, hotel, boleto, boletos, entradas, factura, compra, compras, de compras, lista de compras, cebolla, alto y, muy alto, mas alto, es alto, tan alto, hora, baja el, baja la, planta baja, en baja, mas baja, la baja, temporada baja, lista de espera, lista de precios, turno, consulta',
  },
}

export const portuguese: Language = {
  code: 'pt',
  optOut: [
    'SAIR',
    'PARAR',
    'PARE',
    'PAREM',
    'CANCELAR',
    'CANCELA',
    'DESCADASTRAR',
    'REMOVER',
    'DESINSCREVER',
    'SUSPENDER',
    'DESCADASTRE',
    'BASTA',
    'CHEGA',
    'CANCELAR INSCRICAO',
    'PARA',
    'QUERO SAIR',
  ],
  optIn: ['INICIAR', 'RETOMAR', 'VOLTAR'],
  help: ['AJUDA'],
  words: {
    stop: 'pare, parem, pare de, parem de, para de, pare com, parem com, parem, parar de, deixe de, deixem de, cesse, cessem, chega de, basta de, interrompa*, suspenda*, stop, parar com',
    contact:
      'mandar*, enviar*, escrever*, contatar*, contactar*, perturbar*, incomodar*, ligar, me mandando, mandando*, enviando*, importunar*, encher',
    order:
      'mande, mandem, mandes, envie, enviem, envies, escreva, escrevam, contate, contatem, contacte, contactem, perturbe, perturbem, incomode, incomodem, manda, mandar, enviar, ligue, liguem, escrevas, escrever',
    message:
      'mensagem, mensagens, sms, texto, textos, torpedo, torpedos, notificacoes, notificacao, publicidade, propaganda, propagandas, promocoes, promocao, avisos, alertas, anuncios, spam, msg, msgs, zap, whatsapp',
    not: 'nao, nunca, nunca mais, jamais, n',
    more: 'mais, nunca mais, novamente, de novo, outra vez',
    noMore: 'chega de, basta de, nada de, sem mais, nem mais',
    want: 'quero, queremos, desejo, gostaria, interesse, preciso, autorizo, autorizei, pedi, solicitei, quer, aceito, tenho interesse',
    receive: 'receber, recebendo, recebe-las, receba, recebo',
    me: 'me, mim, meu numero, este numero, nos, meus dados, meu celular, meu telefone, meu contato, numero',
    remove:
      'remova, removam, remover, remova-me, tire, tirem, tirar, tira, retire, retirem, retirar, exclua, excluam, excluir, apague, apaguem, apagar, delete, deletem, elimine, eliminem, remove, removem, me tire, me tira, removerem, retira',
    list: 'lista, listas, cadastro, base, base de dados, sistema, contatos, contactos, registro, registo, mailing',
    unsubscribe:
      'descadastrar*, descadastre*, descadastr*, desinscrever*, desinscreva*, desinscr*, cancelar inscricao, cancelar minha inscricao, cancelar a inscricao, cancele minha inscricao, cancelar assinatura, cancelar subscricao, cancelar a minha subscricao, anular subscricao, anular a subscricao, desassinar, revogo meu consentimento, retiro o meu consentimento, sair da lista, quero sair da lista, gostaria de sair da lista, desejo sair da lista',
    cancel:
      'cancelar, cancele, cancelem, cancela, encerrar, encerre, encerrem, bloquear, desativar, desative, suspender, parar as, parar os',
    wrong:
      'numero errado, numero incorreto, pessoa errada, numero trocado, engano, foi engano, enganou-se no numero, nao sou essa pessoa, nao sou a pessoa, numero nao e mais, numero nao pertence, nao conheco, este numero nao e, esse numero nao e, se enganou de numero',
    leave:
      'me deixe em paz, me deixem em paz, deixem-me em paz, deixe-me em paz, deixa-me em paz, me deixa em paz, deixe me em paz, deixem me em paz, deixa me em paz, nao perturbe, nao perturbem, nao me perturbe, nao incomode, esqueca meu numero, esquecam meu numero, some daqui, va se',
    threat:
      'vou denunciar, denunciarei, vou processar, processarei, vou bloquear, vou reportar, denunciado, anatel, procon, vou reclamar',
    keep: 'nao pare, nao parem, nao deixe de, nao deixem de, nao cancele, nao cancelem, nao me tire, nao me tirem, nao me remova, nao quero cancelar, nao quero sair, nao quero parar, nao quero deixar, continue mandando, continuem, continue enviando, continuem enviando, nao esqueca, nao se esqueca, nao esquecam, nao consigo, por engano que, sem querer, nao hesite, nao quero perder*, nao remov*',
    ordinary:
      'consulta, reserva, pedido, pedidos, encomenda, voo, viagem, aula, aulas, conta, carrinho, item, reuniao, loja, parada, entrega, mesa, hotel, ingresso, fatura, compra, compras, lista de compras, cebola, horario, agendamento, lista de espera, onibus, de sair, para sair, vou sair, sair de casa, sair mais, sair com, saindo, sair hoje, sair do trabalho, sair para',
  },
}

export const french: Language = {
  code: 'fr',
  optOut: [
    'ARRET',
    'ARRETER',
    'ARRETE',
    'ARRETEZ',
    'DESABONNER',
    'DESABONNEMENT',
    'DESINSCRIRE',
    'DESINSCRIPTION',
    'SE DESABONNER',
    'ME DESABONNER',
    'ANNULER',
    'RESILIER',
    'RESILIATION',
    'STOPPER',
    'STOP SMS',
    'STOP PUB',
    'FIN',
    'QUITTER',
    'ASSEZ',
    'CESSER',
    'DESABONNEZ MOI',
    'DESINSCRIVEZ MOI',
  ],
  optIn: ['REPRENDRE', 'REABONNER', 'REPRISE'],
  help: ['AIDE'],
  words: {
    stop: 'arretez, arrete, arreter, cessez, cesser, cesse, stoppez, stopper, stop, arret, finissez, assez de, arretez avec, marre',
    contact:
      'envoyer, envoi, envois, ecrire, contacter, harceler, texter, deranger, importuner, embeter, spammer, solliciter, texto, sms, demarcher, messages',
    order:
      'envoyez, envoie, ecrivez, ecris, contactez, contacte, derangez, derange, texte, textez, appelez, sollicitez, harcelez, envoyer, contacter, ecrire, importunez',
    message:
      'message, messages, sms, texto, textos, texte, textes, notification, notifications, publicite, publicites, pub, pubs, promotions, promos, alertes, spam, mails, annonces, sollicitations, msg, offres',
    not: 'ne, n, pas, jamais, plus jamais, aucun, aucune, refuse, refuse de, ne veux',
    more: 'plus, plus jamais, encore, a nouveau, desormais',
    noMore: 'plus de, plus aucun, plus aucune, assez de, marre de, marre des, stop aux, fini les',
    want: 'refuse, refuse de, ne veux, veux, veut, voudrais, souhaite, souhaitons, desire, voulons, interesse, ai demande, autorise, consens, demande, accepte, besoin',
    receive:
      'recevoir, recois, recevez, etre contacte, etre contactee, etre sollicite, etre derange, entendre parler',
    me: 'm, me, moi, mon numero, ce numero, nous, mes coordonnees, mon telephone, mon portable, mes donnees, numero',
    remove:
      'retirez, retirer, retire, enlevez, enlever, enleve, supprimez, supprimer, supprime, effacez, effacer, rayez, radiez, otez, sortez, virez, rayer, radier',
    list: 'liste, listes, fichier, fichiers, base, base de donnees, contacts, repertoire, liste de diffusion, envois, registre',
    unsubscribe:
      'desabonn*, desinscri*, me desabonner, resilier mon abonnement aux, annuler mon abonnement aux, annuler mon inscription, annulez mon inscription, annuler l abonnement aux, je retire mon consentement, retire mon consentement, revoque mon consentement',
    cancel: 'annuler, annulez, annule, resilier, resiliez, couper, bloquer, desactiver, desactivez',
    wrong:
      'mauvais numero, faux numero, erreur de numero, trompe de numero, trompez de numero, trompes de numero, mauvaise personne, pas la bonne personne, pas le bon numero, c est une erreur, erreur de destinataire, n est plus le numero, je ne connais pas, pas son numero, pas la bonne',
    leave:
      'laissez moi tranquille, laisse moi tranquille, laissez moi en paix, laisse moi en paix, fichez moi la paix, foutez moi la paix, fiche moi la paix, fous moi la paix, oubliez mon numero, oublie mon numero, perdez mon numero, allez vous faire, va te faire, degagez',
    threat:
      'vais porter plainte, porter plainte, porterai plainte, vais vous signaler, signaler a la cnil, cnil, signale comme spam, je vous bloque, vais vous bloquer, vous poursuivre, c est du harcelement, harcelement, 33700',
    keep: 'n arretez pas, n arrete pas, ne cessez pas, ne stoppez pas, ne me desabonnez pas, ne me retirez pas, ne me desinscrivez pas, ne veux pas me desabonner, ne souhaite pas me desabonner, ne veux pas arreter, ne veux pas me desinscrire, veux pas me desabonner, continuez, continue a, n oubliez pas, n oublie pas, oubliez pas de, oublie pas de, ne peux pas, n ai pas recu, pas recu, par erreur, sans faire expres, n hesitez pas, hesite pas, ne pas arreter, n arretez jamais, n arrete jamais, ne supprimez pas, n annulez pas, me rabonner, me reabonner, n enlevez pas, ne rien changer, pourquoi avez vous arrete',
    ordinary:
      'rendez vous, rdv, reservation, reservations, commande, commandes, vol, voyage, cours, panier, article, reunion, magasin, arret de bus, sans arret, livraison, table, hotel, billet, billets, facture, achat, achats, courses, liste de courses, oignon, oignons, heure, liste d attente, arret de travail, arret maladie, prochain arret, a l arret, arret du bus, cet arret, l arret, arrete de fumer, compte, colis',
  },
}

export const italian: Language = {
  code: 'it',
  optOut: [
    'BASTA',
    'CANCELLA',
    'CANCELLAMI',
    'FERMA',
    'DISISCRIVI',
    'DISISCRIVIMI',
    'DISISCRIVITI',
    'DISISCRIZIONE',
    'ANNULLA',
    'FINE',
    'RIMUOVI',
    'RIMUOVIMI',
    'CANCELLARE',
    'STOP SMS',
    'DISDETTA',
    'ESCI',
    'CANCELLAZIONE',
    'FERMARE',
  ],
  optIn: ['INIZIA', 'RIATTIVA', 'RIPRENDI'],
  help: ['AIUTO'],
  words: {
    stop: 'smettete, smetti, smettetela, smettila, smetta, smetterla, smettere, basta, stop, fermate, fermatevi, finitela, cessate, interrompete, interrompere, piantatela, piantala',
    contact:
      'inviare, inviarmi, inviarci, mandare, mandarmi, mandarci, scrivere, scrivermi, contattare, contattarmi, disturbare, disturbarmi, tormentarmi, messaggiare, messaggiarmi, spammare, spammarmi, assillarmi, invio, chiamare, chiamarmi',
    order:
      'inviatemi, inviate, inviarmi, inviare, invii, inviateci, inviarci, mandatemi, mandate, mandarmi, mandare, scrivetemi, scrivermi, scrivere, scriva, contattatemi, contattarmi, contattare, contattate, disturbatemi, disturbarmi, disturbare, disturbate, chiamatemi, chiamarmi, mandi, mi scriva, mi mandi, mi invii, mi contattate, mi mandate, mi scrivete, scrivete',
    message:
      'messaggi, messaggio, sms, messaggini, notifiche, notifica, pubblicita, promozioni, offerte, avvisi, comunicazioni, spam, msg, testi',
    not: 'non, mai, mai piu, nessun, nessuno, niente',
    more: 'piu, mai piu, ancora, di nuovo, ulteriori',
    noMore: 'basta, basta con, niente piu, niente, mai piu, non piu, stop ai, stop con, nessun altro, no piu',
    want: 'voglio, vogliamo, desidero, vorrei, interessa, interessato, interessata, autorizzo, ho chiesto, richiesto, desideriamo, acconsento',
    receive:
      'ricevere, riceverli, riceverne, ricevo, essere contattato, essere contattata, essere disturbato, sentirvi',
    me: 'mi, me, mio numero, il mio numero, questo numero, ci, noi, i miei dati, il mio cellulare, il mio contatto, numero',
    remove:
      'rimuovetemi, rimuovete, rimuovere, rimuovermi, rimuovimi, togliete, toglietemi, togliere, togliermi, toglimi, cancellate, cancellatemi, cancellare, cancellarmi, cancellami, eliminate, eliminatemi, eliminare, eliminarmi, levatemi, levate, depennate, elimina, rimuova, cancelli, tolga',
    list: 'lista, liste, elenco, elenchi, dallelenco, dallarchivio, dalle liste, database, mailing list, rubrica, archivio, archivi, sistema, contatti, registro',
    unsubscribe:
      'disiscriv*, disiscriz*, disiscritto, annullare l iscrizione, annullate l iscrizione, annulla l iscrizione, annullare la mia iscrizione, annullare iscrizione, cancellare l iscrizione, cancellare la mia iscrizione, cancellate la mia iscrizione, cancella la mia iscrizione, cancella l iscrizione, cancellarmi, cancellatemi, disattivare il servizio, revoco il consenso, revoco il mio consenso, ritiro il consenso, disdire il servizio',
    cancel:
      'annullare, annullate, annulla, disattivare, disattivate, disattiva, bloccare, bloccate, disdire, cancellare, cancellate, interrompete',
    wrong:
      'numero sbagliato, numero errato, persona sbagliata, avete sbagliato numero, hai sbagliato numero, ha sbagliato numero, sbagliato numero, sbagliato persona, non sono io, non e il numero di, non e piu il numero, errore di numero, non conosco nessun, non e il mio nome',
    leave:
      'lasciatemi in pace, lasciami in pace, lasciatemi stare, lasciami stare, mi lasci in pace, non disturbare, non disturbate, non disturbatemi, andate a quel paese, vaffanculo, dimenticate il mio numero, perdete il mio numero, sparite',
    threat:
      'vi denuncio, vi denuncero, denuncia, vi segnalo, segnalo al garante, garante della privacy, garante privacy, segnalato come spam, vi blocco, faccio causa, azioni legali, vie legali, stalking, e molestia',
    keep: 'non smettete, non smettere, non smetta, non fermatevi, non cancellatemi, non cancellarmi, non cancellate, non voglio disiscrivermi, non rimuovetemi, non toglietemi, non voglio smettere, non voglio cancellarmi, continuate, continua a, non dimenticate, non dimenticare, non posso, non riesco, per errore, per sbaglio, non esitate, non esiti, non annullate, non vorrei disiscrivermi, non voglio perder*, non ho ricevuto',
    ordinary:
      'appuntamento, prenotazione, prenotazioni, ordine, ordini, volo, viaggio, lezione, carrello, articolo, riunione, negozio, fermata, consegna, tavolo, hotel, biglietto, biglietti, fattura, acquisto, acquisti, spesa, lista della spesa, cipolla, cipolle, ora, ore, lista d attesa, visita, fine settimana, alla fine, la fine, in fine, il pacco, abbonamento in palestra, fine del, fine mese, corso, non basta, mi basta, basta che, basta cosi grazie per',
  },
}

export const catalan: Language = {
  code: 'ca',
  optOut: ['ATURA', 'ATUREU', 'CANCEL·LAR', 'PROU'],
  optIn: [],
  help: ['AJUDA'],
  words: {
    stop: 'deixeu de, deixa de, pareu de, atureu, prou de',
    contact: 'enviar*, escriure*, contactar*, molestar*',
    message: 'missatges, missatge, sms',
    not: 'no',
    more: 'mes',
    want: 'vull, volem',
    receive: 'rebre',
    order: 'envieu, enviis, escriviu, contacteu',
    me: 'em, m, el meu numero',
    unsubscribe: 'doneu me de baixa, donar me de baixa, donar de baixa',
  },
}

export const romanian: Language = {
  code: 'ro',
  optOut: ['DEZABONARE', 'OPRIRE', 'OPRESTE', 'DEZABONEAZA'],
  optIn: [],
  help: ['AJUTOR'],
  words: {
    stop: 'opriti, opreste, incetati, inceteaza, terminati cu',
    contact: 'mesajele, trimis, trimiteti, scrieti, trimiteti mi, sa mi trimiteti, sa mi scrieti',
    order: 'trimiteti, trimite, scrieti, contactati, trimiteti mi, mai trimiteti, mi mai trimiteti',
    message: 'mesaje, mesajele, mesaj, sms, sms uri, reclame',
    not: 'nu, niciodata',
    more: 'mai, alte',
    want: 'vreau, doresc, vrem',
    receive: 'primesc, primi, primim',
    me: 'mi, ma, mie, numarul meu, acest numar',
    remove: 'stergeti, scoateti, eliminati',
    list: 'lista, baza de date',
    unsubscribe: 'dezabon*',
    wrong: 'numar gresit, persoana gresita, ati gresit numarul',
    leave: 'lasati ma in pace, lasa ma in pace',
    keep: 'nu va opriti, nu opriti, nu incetati, nu uitati, nu ma dezabonati, nu vreau sa ma dezabonez',
  },
}
