import type { Language } from '../concepts.ts'

export const german: Language = {
  code: 'de',
  optOut: [
    'ABMELDEN',
    'ABMELDUNG',
    'STOPP',
    'AUFHÖREN',
    'BEENDEN',
    'ABBESTELLEN',
    'KÜNDIGEN',
    'AUSTRAGEN',
    'ABBRECHEN',
    'STORNIEREN',
    'LÖSCHEN',
    'WIDERRUF',
    'WIDERRUFEN',
    'SCHLUSS',
    'ENDE',
    'ABMELDE',
  ],
  optIn: ['ANMELDEN', 'WEITER'],
  help: ['HILFE'],
  words: {
    stop: 'hort endlich auf, hort bitte auf, hor bitte auf, hor endlich auf, horen sie bitte auf, horen sie endlich auf, horen sie sofort auf, hort jetzt auf, hort sofort auf, hort damit auf, horen sie damit auf, stoppen, stoppt, stopp, stop, hort auf, hor auf, horen sie auf, aufhoren, aufzuhoren, aufhort, unterlassen, unterlasst, unterlassen sie, schluss mit, lasst das, lassen sie das, einstellen, stellen sie, bitte beenden, beenden sie, beendet, genug von',
    contact:
      'schreiben, schicken, senden, zu schreiben, zu schicken, zu senden, kontaktieren, zu kontaktieren, belastigen, zu belastigen, belastigt, nerven, texten, zuzuschicken, zuzusenden, anschreiben, anzuschreiben, spammen, versand, zusendung, nachrichten, sms, anrufen, anzurufen',
    order:
      'schreiben, schreibt, schreib, schicken, schickt, schick, senden, sendet, sende, kontaktieren, kontaktiert, kontaktier, anschreiben, texten, anrufen, belastigen, zusenden, zuschicken',
    message:
      'nachricht, nachrichten, sms, texte, mitteilungen, werbung, werbenachrichten, werbe sms, benachrichtigungen, spam, angebote, meldungen, newsletter, infos, werbebotschaften, post, mails, whatsapp, werbesms',
    not: 'nicht, keine, keinen, kein, nie, niemals, keinerlei, nichts',
    more: 'mehr, nie wieder, wieder, nochmal, noch einmal, weitere, weiteren, weiterhin, langer, kunftig, in zukunft, niemals wieder',
    noMore:
      'keine weiteren, nie wieder, schluss mit, genug von, genug mit, kein einziges, weg mit, bitte keine, keine lust auf',
    want: 'mochte, mochten, will, wollen, wunsche, wunschen, brauche, interesse, interessiert, eingewilligt, zugestimmt, angefordert, bestellt, erlaubt',
    receive:
      'erhalten, bekommen, empfangen, kriegen, kontaktiert werden, angeschrieben werden, von euch horen, von ihnen horen, belastigt werden, zugeschickt bekommen',
    me: 'mir, mich, meine nummer, meine handynummer, diese nummer, uns, meine daten, mein handy, meine telefonnummer, nummer, meine mobilnummer',
    remove:
      'nehmen sie, nehmt, nimm, entfernen, entfernt, entferne, entfernen sie, loschen, loscht, losche, streichen, streicht, streiche, tragen sie, tragt, trag, austragen, rausnehmen, herausnehmen, loschung, raus aus, raus',
    list: 'verteiler, liste, listen, datenbank, system, kartei, verteilerliste, mailingliste, kontakten, kontakte, adressliste, aus, verteilern, datenbestand',
    unsubscribe:
      'abmeld*, abbestell*, abgemeldet, abzumelden, melden sie mich ab, meldet mich ab, meld mich ab, melde mich ab, mich ab, austragen, auszutragen, deabonn*, widerrufe meine einwilligung, widerrufe hiermit, einwilligung widerrufen, ziehe meine einwilligung, widerspreche, kundige das abo, abo kundigen, abo beenden, sms abo kundigen, abo stornieren, newsletter kundigen, keine einwilligung',
    cancel:
      'beenden, abbrechen, kundigen, kundige, abstellen, abschalten, deaktivieren, stornieren, unterbinden, blockieren, sperren',
    wrong:
      'falsche nummer, falscher empfanger, falsche person, falsch verbunden, nicht die richtige nummer, nicht der richtige, nicht die richtige person, nummer gehort, haben sich in der nummer geirrt, in der nummer geirrt, verwahlt, kenne ich nicht, kenne keine, kenne keinen, nicht mehr seine nummer, nicht mehr ihre nummer, falscher kontakt, falsche telefonnummer, falsche handynummer',
    leave:
      'lasst mich in ruhe, lassen sie mich in ruhe, lass mich in ruhe, lasst mich in frieden, lassen sie mich in frieden, verpisst euch, verpiss dich, haut ab, hau ab, vergesst meine nummer, vergessen sie meine nummer, verschwindet, leck mich',
    threat:
      'anzeige, anwalt, bundesnetzagentur, verbraucherzentrale, melde euch, melde sie, melde das, als spam gemeldet, blockiere euch, blockiere sie, ich blockiere, verklage, klage, rechtliche schritte, abmahnung, dsgvo, datenschutzbeauftragten, beschwerde einreichen, belastigung',
    keep: 'hort nicht auf, hor nicht auf, horen sie nicht auf, nicht aufhoren, nicht stoppen, nicht abmelden, will mich nicht abmelden, mochte mich nicht abmelden, nicht abbestellen, weiter so, schickt weiter, schicken sie weiter, schreibt weiter, nicht vergessen, vergesst nicht, vergessen sie nicht, kann nicht, konnte nicht, habe keine, hab keine, habe noch keine, ich bekomme keine, bekomme keine, aus versehen, versehentlich, zogern sie nicht, nicht loschen, nicht entfernen, nicht streichen, nicht beenden, nichts verpassen, wieder anmelden, warum habt ihr aufgehort, nicht gezogert, nicht austragen',
    ordinary:
      'termin, termine, bestellung, bestellungen, reservierung, buchung, flug, reise, kurs, stunde, konto, warenkorb, artikel, besprechung, laden, bushaltestelle, haltestelle, lieferung, tisch, hotel, ticket, tickets, rechnung, einkauf, einkaufsliste, zwiebel, zwiebeln, uhr, warteliste, ende gut, am ende, zu ende, ende der, ende des, wochenende, paket, vertrag, fitnessstudio, preisliste, arzttermin, tisch fur, bahn, rauchen',
  },
}

export const dutch: Language = {
  code: 'nl',
  optOut: [
    'AFMELDEN',
    'STOPPEN',
    'STOPZETTEN',
    'UITSCHRIJVEN',
    'OPZEGGEN',
    'EINDE',
    'AFMELDING',
    'STOP SMS',
    'ANNULEREN',
    'VERWIJDEREN',
    'UIT',
    'BEËINDIGEN',
    'STOPT',
    'UITSCHRIJVING',
  ],
  optIn: ['AANMELDEN', 'HERVATTEN'],
  help: ['HULP'],
  words: {
    stop: 'stop, stopt, stoppen, hou op, houd op, houdt op, ophouden, kap met, kappen, staak, staken, stop met, stop eens, genoeg van',
    contact:
      'sturen, te sturen, stuur, sms en, smsen, te smsen, berichten, te berichten, appen, schrijven, te schrijven, contacteren, lastigvallen, lastig te vallen, lastig vallen, te benaderen, benaderen, bellen, mailen, spammen, contact',
    order: 'stuur, sturen, stuurt, sms, app, schrijf, contacteer, bel, benader, val, mail, smsen',
    message:
      'bericht, berichten, sms, smsjes, sms jes, smsen, sms en, sms berichten, reclame, meldingen, notificaties, aanbiedingen, spam, berichtjes, nieuwsbrief, appjes, advertenties, tekstberichten',
    not: 'geen, niet, nooit, niets',
    more: 'meer, nooit meer, langer, opnieuw, nogmaals, weer, voortaan',
    noMore: 'genoeg van, klaar met, nooit meer, weg met',
    want: 'wil, willen, wens, wenst, hoef, behoefte, interesse, geinteresseerd, toestemming, gevraagd, zou graag, aangevraagd',
    receive: 'ontvangen, krijgen, te krijgen, te ontvangen, horen, benaderd worden, lastiggevallen worden',
    me: 'me, mij, mijn nummer, dit nummer, ons, mijn gegevens, mijn telefoon, mijn telefoonnummer, nummer, mijn mobiel',
    remove:
      'haal, halen, verwijder, verwijderen, verwijdert, schrap, schrappen, wis, wissen, gooi, schrijf me uit, schrijf mij uit, uit te schrijven, eruit halen, van de lijst',
    list: 'lijst, lijsten, bestand, database, systeem, mailinglijst, verzendlijst, contacten, adresbestand, bestanden, contactenlijst, bellijst',
    unsubscribe:
      'afmelden, af te melden, meld me af, meld mij af, afgemeld, uitschrijven, uit te schrijven, schrijf me uit, schrijf mij uit, uitgeschreven, opt out, abonnement op berichten opzeggen, abonnement stopzetten, trek mijn toestemming in, toestemming intrekken, melden af, uitschrijf*',
    cancel:
      'stopzetten, opzeggen, annuleren, annuleer, beeindigen, beeindig, uitzetten, zet uit, blokkeren, uitschakelen, stopzetting',
    wrong:
      'verkeerd nummer, verkeerde nummer, verkeerde persoon, fout nummer, foute nummer, niet de juiste persoon, niet het juiste nummer, verkeerd verbonden, ken ik niet, niet mijn naam, is niet meer het nummer, u heeft het verkeerde, je hebt het verkeerde, niet meer van',
    leave:
      'laat me met rust, laat mij met rust, laat me gerust, rot op, donder op, sodemieter op, flikker op, val me niet lastig, val me niet meer lastig, vergeet mijn nummer, opzouten, tief op, opgerot',
    threat:
      'aangifte, ga jullie melden, meld dit, melding bij, acm, als spam gemeld, rapporteer, autoriteit persoonsgegevens, advocaat, klacht, blokkeer jullie, blokkeer je, ik blokkeer, geblokkeerd',
    keep: 'stop niet, stop er niet mee, niet stoppen, hou niet op, niet ophouden, niet afmelden, meld me niet af, niet uitschrijven, wil me niet afmelden, wil niet stoppen, wil niet afmelden, blijf sturen, blijf me sturen, ga door, vergeet niet, niet vergeten, kan niet, kon niet, per ongeluk, aarzel niet, niet verwijderen, haal me niet, haal mij niet, niets missen, niet opzeggen, niet missen, heb geen',
    ordinary:
      'afspraak, afspraken, bestelling, bestellingen, reservering, boeking, vlucht, reis, les, lessen, winkelwagen, artikel, vergadering, winkel, halte, bushalte, levering, bezorging, tafel, hotel, kaartje, kaartjes, tickets, factuur, aankoop, boodschappenlijst, boodschappen, ui, uien, uur, wachtlijst, pakket, pakketje, sportschool, prijslijst, roken, einde van, aan het einde, op het einde, ophalen, dokter',
  },
}

const nordicMessages =
  'sms, smser, sms er, meddelanden, meddelande, beskeder, besked, meldinger, melding, reklame, reklam, notiser, varsler, erbjudanden, tilbud, spam, utskick, tekstmeldinger, textmeddelanden, mess, sms beskeder, notifikationer, nyhedsbrev'

export const swedish: Language = {
  code: 'sv',
  optOut: [
    'STOPP',
    'STOPPA',
    'AVSLUTA',
    'AVREGISTRERA',
    'SLUTA',
    'AVSÄG',
    'AVBRYT',
    'AVANMÄL',
    'AVPRENUMERERA',
    'AVBESTÄLL',
    'SLUT',
    'STOPP SMS',
  ],
  optIn: [],
  help: ['HJÄLP'],
  words: {
    stop: 'sluta, slutar ni, stoppa, stopp, upphor, lagg av, lagg ner, stop',
    contact:
      'skicka, skickar, skriva, kontakta, messa, smsa, stora, trakassera, sms a, ringa, spamma, hora av er',
    order: 'skicka, skriv, kontakta, messa, smsa, stor, ring',
    message: nordicMessages,
    not: 'inte, inga, aldrig, ingen, ej, inget',
    more: 'mer, mera, fler, langre, igen, nagonsin, nagra fler',
    noMore: 'inga fler, inte fler, aldrig mer, nog med',
    want: 'vill, onskar, behover, intresserad, skulle vilja, bett om, godkant, samtycker',
    receive: 'fa, ha, ta emot, bli kontaktad, motta, hora',
    me: 'mig, mej, mitt nummer, detta nummer, det har numret, oss, min telefon, mina uppgifter, numret',
    remove: 'ta bort, tag bort, radera, stryk, plocka bort, ta mig bort, bort',
    list: 'lista, listan, listor, register, registret, sandlista, sandlistan, utskickslista, er lista, databas, databasen, utskick',
    unsubscribe:
      'avregistrera*, avsluta prenumeration*, avprenumerera*, avanmal*, avsluta min prenumeration, saga upp prenumeration*, avbestall*, aterkallar mitt samtycke, aterkalla mitt samtycke, ga ur',
    cancel: 'avsluta, stang av, avbryt, avboka, blockera, avaktivera',
    wrong:
      'fel nummer, fel person, ni har fel nummer, fel mottagare, inte ratt person, inte ratt nummer, kanner ingen, inte hennes nummer, inte hans nummer, felringning, har slutat med numret',
    leave:
      'lamna mig ifred, lamna mig i fred, lat mig vara, lat mig vara ifred, dra at helvete, glom mitt nummer, ga och dra, far at helvete, stick',
    threat:
      'polisanmal*, anmaler er, anmala er, konsumentverket, rapporterar, blockerar er, blockera er, advokat, datainspektionen, imy, anmald som spam',
    keep: 'sluta inte, sluta aldrig, stoppa inte, avregistrera mig inte, inte avregistrera, vill inte sluta, vill inte avsluta, fortsatt, glom inte, kan inte, har inte fatt, fick inget, fick inte, av misstag, tveka inte, ta inte bort, avsluta inte, vill inte missa, vill inte avregistrera',
    ordinary:
      'bokning, bokningen, bestallning, bestallningen, order, tid, tiden, mote, resa, flyg, bord, hotell, faktura, kop, inkopslista, lok, buss, busshallplats, klockan, kl, vantelista, leverans, paket, gym, gymmet, roka, till slut, pa slutet, i slutet, slut pa, slut i',
  },
}

export const danish: Language = {
  code: 'da',
  optOut: [
    'STOP SMS',
    'AFMELD',
    'AFMELDING',
    'FRAMELD',
    'AFSLUT',
    'STOPPE',
    'AFMELDE',
    'ANNULLER',
    'OPSIG',
    'SLUT',
    'AFBRYD',
    'STOP ALLE',
  ],
  optIn: [],
  help: ['HJÆLP'],
  words: {
    stop: 'stop, stop med, hold op, hold op med, stoppe, lad vaere med at, lad vaere, hold nu op',
    contact:
      'sende, at sende, sender, skrive, at skrive, kontakte, at kontakte, sms e, smse, forstyrre, chikanere, genere, ringe, spamme, kontakt',
    order: 'send, skriv, kontakt, sms, forstyr, ring, sende, skrive, kontakte, genere, sender',
    message: nordicMessages,
    not: 'ikke, ingen, aldrig, ej, intet',
    more: 'mere, flere, laengere, igen, nogensinde, yderligere',
    noMore: 'ikke flere, ingen flere, aldrig mere, nok af, faerdig med',
    want: 'vil, onsker, interesseret, gerne, bedt om, samtykke til, brug for',
    receive: 'have, modtage, fa, blive kontaktet, hore fra',
    me: 'mig, mit nummer, dette nummer, os, min telefon, mine oplysninger, nummeret, mit mobilnummer',
    remove: 'fjern, fjerne, slet, slette, tag mig af, tag mit, stryg, meld mig fra',
    list: 'liste, listen, lister, database, register, jeres liste, mailingliste, system, kartotek, sms liste',
    unsubscribe:
      'afmeld*, frameld*, meld mig fra, melde mig fra, meld mig af, melde mig ud, meld mig ud, opsig abonnement*, traekker mit samtykke, traekke mit samtykke, tilbagekalder mit samtykke',
    cancel: 'afslut, afslutte, annuller, annullere, opsig, opsige, sla fra, bloker, afbryd, afbestil',
    wrong:
      'forkert nummer, forkert person, forkerte nummer, forkerte person, ikke det rigtige nummer, ikke den rigtige, kender ikke, ikke hans nummer, ikke hendes nummer, fejl nummer, fejlnummer',
    leave:
      'lad mig vaere, lad mig vaere i fred, lad mig i fred, skrid, glem mit nummer, ga ad helvede til, fuck af, forsvind, lad os vaere',
    threat:
      'politianmeld*, anmelder jer, anmelde jer, forbrugerombudsmanden, datatilsynet, rapporterer, blokerer jer, advokat, anmeldt som spam, klage til',
    keep: 'stop ikke, hold ikke op, stop aldrig, ikke stoppe, afmeld mig ikke, vil ikke afmelde, vil ikke afmeldes, vil ikke stoppe, fortsaet, bliv ved, glem ikke, kan ikke, har ikke faet, fik ikke, har ikke modtaget, ved en fejl, tov ikke, fjern mig ikke, slet mig ikke, ikke slette, vil ikke ga glip',
    ordinary:
      'tid, aftale, aftalen, bestilling, bestillingen, ordre, ordren, booking, reservation, mode, rejse, fly, bord, hotel, faktura, kob, indkobsliste, log, bus, busstoppested, stoppested, klokken, kl, venteliste, levering, pakke, fitness, ryge, til slut, slutningen, slut med at, timer',
  },
}

export const norwegian: Language = {
  code: 'no',
  optOut: [
    'STOPP',
    'AVSLUTT',
    'AVMELD',
    'AVMELDING',
    'MELD AV',
    'STOPP SMS',
    'SLUTT',
    'AVBRYT',
    'AVBESTILL',
    'STOPPE',
    'MELD MEG AV',
  ],
  optIn: [],
  help: ['HJELP'],
  words: {
    stop: 'stopp, stopp med, slutt, slutt a, slutt med, slutte, stoppe, hold opp, kutt ut, gi dere, ikke mas',
    contact:
      'sende, a sende, sender, skrive, a skrive, kontakte, a kontakte, tekste, mase, forstyrre, plage, ringe, spamme, kontakt',
    order: 'send, skriv, kontakt, tekst, forstyrr, ring, sende, sms, kontakte, skrive',
    message: nordicMessages,
    not: 'ikke, ingen, aldri, ei, ikkje',
    more: 'mer, mere, flere, fleire, lenger, lengre, igjen, noensinne, ytterligere',
    noMore: 'ingen flere, ikke flere, aldri mer, nok av, ferdig med',
    want: 'vil, onsker, interessert, gjerne, bedt om, samtykket til, trenger',
    receive: 'ha, motta, fa, bli kontaktet, hore fra',
    me: 'meg, nummeret mitt, mitt nummer, dette nummeret, oss, telefonen min, opplysningene mine, nummeret',
    remove: 'fjern, fjerne, slett, slette, ta meg av, ta meg bort, stryk, meld meg av',
    list: 'liste, listen, lista, lister, database, register, registeret, listen deres, system, sms liste',
    unsubscribe:
      'avmeld*, meld meg av, melde meg av, meld meg ut, melde meg ut, avslutt abonnement*, avslutte abonnement*, si opp abonnement*, trekker mitt samtykke, trekker samtykket, trekke samtykket, trekker tilbake',
    cancel: 'avslutt, avslutte, avbryt, kanseller, si opp, sla av, blokker, avbestill',
    wrong:
      'feil nummer, feil person, ikke riktig nummer, ikke rett nummer, ikke riktig person, ikke rett person, kjenner ikke, kjenner ingen, ikke hans nummer, ikke hennes nummer, feilringing',
    leave:
      'la meg vaere, la meg vaere i fred, la meg i fred, dra til helvete, glem nummeret mitt, stikk, fuck av, forsvinn',
    threat:
      'politianmeld*, anmelder dere, anmelde dere, forbrukertilsynet, forbrukerradet, datatilsynet, rapporterer, blokkerer dere, blokkert, advokat, klager til',
    keep: 'ikke stopp, stopp ikke, ikke slutt, slutt ikke, slutt aldri, ikke meld meg av, vil ikke melde meg av, vil ikke slutte, fortsett, ikke glem, glem ikke, kan ikke, har ikke fatt, fikk ikke, har ikke mottatt, ved en feil, ikke nol, ikke fjern, ikke slett, vil ikke ga glipp',
    ordinary:
      'time, timen, avtale, avtalen, bestilling, bestillingen, ordre, booking, reservasjon, mote, motet, reise, fly, bord, hotell, faktura, kjop, handleliste, lok, buss, bussholdeplass, holdeplass, klokken, kl, venteliste, levering, pakke, treningssenter, royke, til slutt, slutten, royking, legetime',
  },
}
