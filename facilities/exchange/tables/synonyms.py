"""What columns are called elsewhere: UNIQUIP v1, the Jisc names of 2025, and asset registers of the Nordic countries,
Germany and Britain. Compared folded: without case, accents, punctuation or what stands in brackets."""

import re
from functools import lru_cache

from facilities.catalogue.names import fold
from facilities.exchange.tables.fields import keys_by_heading

BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]")
NUMBERED = re.compile(r"^\s*\d(?:\.\d){1,2}\s*")
"""The numbers before Jisc's names: "2.2.1 modelID"."""

UNIQUIP = {
    "Type": "kind", "Name": "name", "Description": "description", "Related Facility ID": "parent",
    "Technique": "techniques", "Location": "location", "Contact Name": "contacts.0.name",
    "Contact Telephone": "", "Contact URL": "", "Contact Email": "contacts.0.email",
    "Secondary Contact Name": "contacts.1.name", "Secondary Contact Telephone": "", "Secondary Contact URL": "",
    "Secondary Contact Email": "contacts.1.email", "ID": "id", "Photo": "photo", "Department": "department",
    "Site Location": "address", "Building": "building", "Service Level": "access.conditions", "Web Address": "url",
}  # fmt: skip
"""The 21 columns of UNIQUIP v1; "" for what this catalogue does not keep."""

JISC = {
    "type": "kind", "institutionID": "id", "doi": "doi", "name": "name", "description": "description",
    "manufacturer": "manufacturer", "manufacturerID": "", "model": "model", "modelID": "",
    "commissionedDate": "acquired", "decommissionedDate": "available_until", "measuredVariables": "keywords",
    "subject": "techniques", "infraportalDiscipline": "", "contactName": "contacts.0.name",
    "contactID": "contacts.0.orcid", "contactEmail": "contacts.0.email", "managingDepartment": "department",
    "id": "id", "commissioned_date": "acquired", "decommissioned_date": "available_until",
    "measured_variables": "keywords", "contact_name": "contacts.0.name", "contact_email": "contacts.0.email",
    "managing_department": "department", "managing_department_id": "", "managing_facility": "parent",
    "location": "address", "access": "access.conditions", "photo_link": "photo", "web_link": "url",
    "related_link": "links", "ukri_threshold": "",
}  # fmt: skip
"""Jisc's equipment data of 2025: the numbered fields, then the keys of its feed."""

WORDS: dict[str, str] = {
    "listing": "Listing number, Catalogue number, Listing ID",
    "id": "ID, Identifier, Asset ID, Record ID, Item ID, Equipment ID, Source ID, Id-nummer, ID-nummer, Objekt-ID,"
          " Tunnus,"
          " Tunniste, Kennung, Nummer, Anlage-ID, Anlagen-ID, Utstyrs-ID, Udstyrs-ID",
    "kind": "Kind, Type, Listing type, Typ, Art, Slag, Laji, Tyyppi, Posttype",
    "parent": "Belongs to, Facility, Core facility, Parent, Unit, Managing facility, Facilitet, Kärnfacilitet,"
              " Infrastruktur,"
              " Enhet, Enhed, Kjernefasilitet, Fasilitet, Kernefacilitet, Einrichtung, Gerätezentrum, Yksikkö,"
              " Infrastruktuuri, Related facility, Related Facility ID",
    "name": "Name, Title, Equipment name, Instrument, Instrument name, Equipment, Item, Asset name, Asset description,"
            " Benämning, Namn, Instrumentnamn, Utrustning, Artikel, Navn, Betegnelse, Instrumentnavn, Utstyr, Udstyr,"
            " Bezeichnung, Gerät, Gerätename, Gerätebezeichnung, Nimi, Laite, Laitteen nimi, Nimike",
    "abbreviation": "Abbreviation, Acronym, Short name, Förkortning, Kortnamn, Forkortelse, Abkürzung, Lyhenne",
    "other_names": "Other names, Alternative name, Also known as, Andra namn, Alias, Andre navn, Weitere Namen",
    "language": "Language, Språk, Sprog, Sprache, Kieli",
    "summary": "Summary, Short description, Sammanfattning, Kort beskrivning, Sammendrag, Kort beskrivelse, Resumé,"
               " Zusammenfassung, Kurzbeschreibung, Tiivistelmä, Lyhyt kuvaus",
    "description": "Description, Long description, Details, Notes, Comments, Beskrivning, Anmärkning, Kommentar,"
                   " Beskrivelse, Beschreibung, Bemerkung, Kuvaus, Huomautus",
    "techniques": "Techniques, Technique, Method, Methods, Methodology, Teknik, Tekniker, Metod, Metoder, Metode,"
                  " Teknikk, Teknikker, Technik, Methode, Methoden, Tekniikka, Tekniikat, Menetelmä, Menetelmät",
    "categories": "Categories, Category, Kategori, Kategorier, Kategorie, Kategorien, Luokka, Kategoria",
    "keywords": "Keywords, Tags, Subject, Nyckelord, Ämnesord, Nøkkelord, Nøgleord, Emneord, Stichwörter,"
                " Schlagwörter, Avainsanat, Asiasanat",
    "url": "Web address, Website, URL, Web page, Homepage, Link, Webbsida, Webbplats, Hemsida, Länk, Nettside,"
           " Hjemmeside, Nettsted, Webseite, Internetseite, Verkkosivu, Verkko-osoite, Kotisivu",
    "department": "Department, Dept, Division, School, Institution, Institutionen, Avdelning, Avdeling, Afdeling,"
                  " Institutt, Institut, Abteilung, Fachbereich, Osasto, Laitos, Managing department,"
                  " Organisatorisk enhet",
    "address": "Street address, Address, Street, Site location, Placering, Plats, Adress, Besöksadress, Gatuadress,"
               " Plassering, Adresse, Besøksadresse, Gateadresse, Lokation, Standort, Anschrift, Straße, Strasse,"
               " Osoite, Katuosoite, Sijainti",
    "postal_code": "Postal code, Postcode, Zip, Zip code, Postnummer, Postleitzahl, PLZ, Postinumero",
    "city": "City, Town, Municipality, Ort, Postort, Stad, Kommun, By, Poststed, Stadt, Kaupunki, Postitoimipaikka",
    "region": "Region, County, State, Län, Landskap, Fylke, Bundesland, Maakunta, Lääni",
    "country": "Country, Country code, Land, Landkod, Landkode, Maa, Maakoodi",
    "lat": "Latitude, Lat, Latitud, Breddgrad, Breddegrad, Breite, Breitengrad, Leveysaste",
    "lng": "Longitude, Long, Lng, Lon, Longitud, Längdgrad, Lengdegrad, Længdegrad, Länge, Längengrad, Pituusaste",
    "building": "Building, Byggnad, Hus, Husnummer, Bygning, Bygg, Gebäude, Rakennus",
    "room": "Room, Room number, Lab, Rum, Rumsnummer, Rom, Romnummer, Lokale, Lokal, Raum, Raumnummer, Zimmer, Huone",
    "ror": "ROR, ROR ID", "rrid": "RRID", "doi": "DOI",
    "established": "Established, Founded, Grundat, Etablerad, Grunnlagt, Etableret, Gegründet, Perustettu",
    "manufacturer": "Manufacturer, Make, Maker, Brand, Vendor, Supplier, Producer, Tillverkare, Fabrikat, Fabrikör,"
                    " Märke, Leverantör, Produsent, Leverandør, Merke, Producent, Fabrikant, Mærke, Hersteller,"
                    " Marke, Lieferant, Fabrikat, Valmistaja, Merkki, Toimittaja",
    "model": "Model, Model name, Model number, Modell, Modellbeteckning, Modellnummer, Modelbetegnelse,"
             " Typenbezeichnung,"
             " Malli, Mallinumero, Typbeteckning, Typebetegnelse",
    "quantity": "Quantity, Number of units, Count, Antal, Antall, Stückzahl, Anzahl, Määrä, Lukumäärä",
    "serial_number": "Serial number, Serial no, Serial, S/N, Serienummer, Serienr, Tillverkningsnummer, Seriennummer,"
                     " Sarjanumero, Fabrikationsnummer",
    "inventory_number": "Inventory number, Asset number, Asset tag, Asset no, Inventarienummer, Inventarienr,"
                        " Inventarnummer, Anläggningsnummer, Anleggsnummer, Inventarnr, Anlægsnummer, Anlagennummer,"
                        " Inventarnummer, Inventaarinumero, Inventaarinro, Inventointinumero, Käyttöomaisuusnumero",
    "acquired": "Acquired, Purchase date, Date of purchase, Purchased, Year, Commissioned, Anskaffningsdatum,"
                " Inköpsdatum,"
                " Anskaffningsår, Inköpsår, År, Innkjøpsdato, Anskaffet, Anskaffelsesdato, Indkøbsdato, Indkøbsår,"
                " Anschaffungsdatum, Kaufdatum, Baujahr, Anschaffungsjahr, Hankintapäivä, Hankintavuosi, Ostopäivä",
    "available_until": "Available until, Decommissioned, End date, Disposal date, Slutdatum, Avvecklas, Sluttdato,"
                       " Slutdato, Außerbetriebnahme, Enddatum, Käytettävissä asti, Poistopäivä",
    "instrument_status": "Instrument status, Status, Condition, State, Tillstånd, Skick, Tilstand, Zustand, Tila,"
                         " Kunto",
    "organisation_kind": "Kind of organisation, Organisation type, Organisationstyp, Organisasjonstype",
    "roles": "Roles, Role in the value chain, Roller",
    "company_number": "Company number, Registration number, Organisationsnummer, Org nr, Organisasjonsnummer, Orgnr,"
                      " CVR, CVR-nummer, Handelsregisternummer, Y-tunnus, Business ID",
    "sector": "Sector, Bransch, Bransje, Branche, Toimiala",
    "activities": "Activities, Activity, Verksamhet, Aktivitet", "customers": "Customers, Kunder, Kunden, Asiakkaat",
    "employees": "Employees, Number of employees, Anställda, Antal anställda, Ansatte, Mitarbeiter, Henkilöstö",
    "specialties": "Specialties, Specialty, Specialisering, Inriktning, Spesialitet, Speciale, Spezialisierung",
    "employees_year": "Employees in the year, Employees year, Anställda år, Ansatte år",
    "employees_source": "Source of the employees, Employees source, Anställda källa, Ansatte kilde",
    "turnover": "Turnover, Revenue, Sales, Net sales, Omsättning, Nettoomsättning, Omsetning, Driftsinntekter,"
                " Omsætning, Nettoomsætning, Umsatz, Liikevaihto",
    "turnover_currency": "Currency of the turnover, Turnover currency, Omsättning valuta, Omsetning valuta,"
                         " Omsætning valuta",
    "turnover_year": "Turnover in the year, Turnover year, Omsättning år, Omsetning år, Omsætning år, Räkenskapsår,"
                     " Regnskapsår, Regnskabsår",
    "turnover_source": "Source of the turnover, Turnover source, Omsättning källa, Omsetning kilde, Omsætning kilde",
    "sites": "Sites, Locations, Verksamhetsorter, Arbeidssteder, Arbejdssteder, Standorte, Toimipaikat",
    "pipeline": "Pipeline, Projects in development, Projektportfölj, Prosjektportefølje, Projektportefølje",
    "siting": "Siting", "operation": "Operation",
    "sample_input": "What is sent in, Sample, Samples, Sample requirements, Prov, Provkrav, Prøve, Proben, Näytteet",
    "deliverables": "Deliverables, Results, Leverans, Resultat, Leveranse, Leverance, Ergebnisse, Tulokset",
    "capacity": "Capacity, Kapacitet, Kapasitet, Kapazität, Kapasiteetti",
    "lead_time_min": "Lead time from, Lead time, Turnaround, Turnaround time, Ledtid, Leveranstid, Leveringstid,"
                     " Lieferzeit, Toimitusaika",
    "offer_kind": "Kind of offer, Offer type, Typ av erbjudande, Type tilbud, Tilbudstype",
    "open_until": "Open until, Deadline, Closing date, Sista ansökningsdag, Öppet till, Søknadsfrist, Åpent til,"
                  " Ansøgningsfrist, Åbent til, Bewerbungsfrist, Määräaika",
    "premises": "Premises, Kind of premises, Lokaltyp, Lokaler, Type lokale, Lokaletype, Räumlichkeiten, Tilat",
    "area_min": "Area from, Area, Size, Floor area, Yta, Lokalyta, Areal, Fläche, Pinta-ala",
    "area_max": "Area to, Yta till, Areal til",
    "room_classes": "Fitted out for, Room class, Equipment class, Klassning, Utstyrsklasse, Udstyrsklasse",
    "free_from": "Free from, Available from, Move-in date, Ledig från, Tillträde, Inflyttning, Ledig fra, Innflytting,"
                 " Indflytning, Overtagelse, Frei ab, Vapaa alkaen",
    "stages": "Stages, Stage, Funding stage, Fas, Skede, Fase, Utviklingsfase",
    "amount_min": "Amount from, Amount, Ticket size, Belopp, Beløp, Beløb, Betrag", "amount_max": "Amount to,"
                  " Belopp till, Beløp til, Beløb til", "currency": "Currency of the amount",
    "idle_hours": "Hours a week it usually stands free, Idle hours, Free hours, Lediga timmar, Ledige timer,"
                  " Freie Stunden",
    "lead_time_max": "Lead time to", "trl_min": "TRL from, TRL", "trl_max": "TRL to",
    "access.groups": "Who may use it, Access groups, User groups, Access, Open to, Användargrupper, Öppen för,"
                     " Tillgång,"
                     " Brukergrupper, Åpen for, Brugergrupper, Åben for, Nutzergruppen, Zugang, Käyttäjäryhmät",
    "access.modes": "How it is used, Access type, Mode of access, Åtkomst, Tilgang, Adgang, Nutzungsart",
    "access.access_mode": "Terms of access, Access mode", "access.training": "Training, Utbildning, Opplæring,"
                          " Oplæring, Einweisung, Koulutus",
    "access.training_hours": "Hours of training, Training hours",
    "access.booking_required": "Booking required, Booking, Bokning, Bokning krävs, Bestilling, Buchung, Varaus",
    "access.safety_certificate": "Safety certificate", "access.agreements": "Agreements, Agreement, Avtal, Avtale",
    "access.insurance": "Insurance, Försäkring, Forsikring, Versicherung, Vakuutus",
    "access.conditions": "Conditions, Service level, Terms, Villkor, Vilkår, Betingelser, Bedingungen, Ehdot",
    "access.price_level": "Price level, Prisnivå, Prisniveau, Preisniveau, Hintataso",
    "prices": "Prices, Price list", "certificates": "Certificates", "specification": "Specification, Specifications",
    "links": "Links, Related link", "documents": "Documents", "images": "Images",
    "price.internal": "Price internal, Internal price, Internt pris, Pris intern, Interner Preis, Sisäinen hinta",
    "price.academic": "Price academic, Academic price, Akademiskt pris, Pris akademi, Akademischer Preis",
    "price.company": "Price company, Company price, Price industry, Industry price, External price, Företagspris,"
                     " Pris företag, Pris bedrift, Pris virksomhed, Firmenpreis, Yrityshinta",
    "price.basis": "Price basis, Price unit, Per, Prisenhet, Prisenhed, Preiseinheit, Hintaperuste",
    "price.currency": "Currency, Valuta, Währung, Valuutta",
    "photo": "Photo, Picture, Image, Bild, Bilde, Billede, Foto, Kuva",
    "location": "Wikipedia page",
    "contacts.0.role": "Contact role, Role, Kontaktroll, Contact 1 role, Funktion",
    "contacts.0.name": "Contact name, Contact, Contact person, Responsible, Responsible person, Contact 1 name,"
                       " Kontaktperson, Kontakt, Ansvarig, Ansvarlig, Kontaktnamn, Kontaktnavn, Ansprechpartner,"
                       " Verantwortlich, Yhteyshenkilö, Vastuuhenkilö, Owner, PI",
    "contacts.0.email": "Contact email, Contact e-mail, Email, E-mail, Mail, E-mail address, E-post, Epost,"
                        " E-postadress, E-postadresse, Kontakt e-post, Kontakt email, E-Mail-Adresse, Sähköposti,"
                        " Sähköpostiosoite",
    "contacts.0.orcid": "Contact ORCID, ORCID, ORCID iD",
    "contacts.0.deputy_name": "Deputy, Deputy name, Ställföreträdare, Stedfortreder, Stellvertreter, Varahenkilö",
    "contacts.0.deputy_email": "Deputy email, Deputy e-mail",
    "contacts.1.name": "Secondary contact name, Second contact, Contact 2 name, Secondary contact",
    "contacts.1.email": "Secondary contact email, Second contact email, Contact 2 email, Secondary email",
    "": "Contact telephone, Telephone, Phone, Contact phone, Telefon, Telefonnummer, Puhelin, Puhelinnumero,"
        " Contact URL,"
        " Secondary contact telephone, Secondary contact URL, Institution name, Institution URL, Institution logo URL,"
        " Datestamp, Approximate coordinates, Corrections, Cost, Purchase price, Inköpspris, Anskaffningsvärde,"
        " Bokfört värde, Kostnadsställe, Cost centre, Kostenstelle",
}  # fmt: skip
"""Key: headings, the likeliest first. Under "" what is recognised, but not kept."""


def folded(heading: str) -> str:
    """A heading as it is compared: "2.1.1 manufacturerID" -> "manufacturerid", "Technique(:N8)" -> "technique"."""
    plain = BRACKETED.sub(" ", NUMBERED.sub("", heading))
    return fold(plain.replace("_", " ")) or fold(heading)


@lru_cache(maxsize=1)
def keys_by_word() -> dict[str, str]:
    """The key of every heading that is known by itself, folded; the first key that claims it."""
    known: dict[str, str] = {}
    for key, headings in WORDS.items():
        for heading in headings.split(","):
            known.setdefault(folded(heading), key)
    for heading, key in (*UNIQUIP.items(), *JISC.items()):
        known.setdefault(folded(heading), key)
    for heading, key in keys_by_heading().items():
        known.setdefault(folded(heading), key)
    return known


def is_known(heading: str) -> bool:
    """Whether a cell is the heading of a column by its words alone."""
    return bool(heading.strip()) and folded(heading) in keys_by_word()
