"""People's names; all of them made up by combination.

A culture is given names and family names that go together; ``OTHER_SCRIPTS`` are whole names with a Latin handle
for the e-mail address.
"""

from __future__ import annotations

from typing import Final


def _culture(given: str, family: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(given.split()), tuple(part.replace("_", " ") for part in family.split())


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CULTURES: Final = {
    "anglo": _culture(
        "James Olivia Ethan Hannah Marcus Chloe Derek Amber Tyler Megan Scott Lauren Kyle Brooke Evan Natalie Ryan "
        "Paige Justin Caitlin Wesley Tara Colin Heather Blake Jenna Grant Shelby Dustin Kelsey Aaron Leah Nathan "
        "Abby Trevor Molly Craig Denise Russell Wendy Doug Pam Walter Joanne Hank Carol Spencer Tessa Owen Piper",
        "Parker Hayes Mitchell Reed Sullivan Barnes Whitfield Calloway Doyle Farrell Granger Holloway Ingram Jarvis "
        "Keller Lawson Maddox Nolan Osborne Prescott Quinn Rowland Sawyer Thornton Underwood Vaughn Walsh Yates "
        "Abbott Boone Crawford Dalton Ellison Fletcher Gibbs Hartley McBride O'Connor Pruitt Stanton Tuttle Weaver",
    ),
    "latin": _culture(
        "Ana Carlos Mariana Diego Lucía Javier Valeria Luis Camila Andrés Daniela Ricardo Gabriela Fernando Paola "
        "Miguel Rosa Eduardo Isabel Raúl Ximena Héctor Adriana Tomás Marisol Iván Beatriz Rafael Yolanda Esteban",
        "Lima García Hernández Morales Castillo Rivera Ortega Salinas Cárdenas Delgado Fuentes Guerrero Ibarra Juárez "
        "Luna Medina Navarro Ochoa Peña Quintero Rojas Serrano Treviño Vega Zamora de_la_Cruz Villarreal Pérez",
    ),
    "south_asian": _culture(
        "Priya Arjun Ananya Rohan Kavya Vikram Sneha Rahul Divya Sanjay Meera Karthik Nisha Aditya Pooja Suresh "
        "Lakshmi Imran Fatima Zainab Bilal Harpreet Gurpreet Tanvi Nikhil",
        "Sharma Patel Reddy Iyer Gupta Nair Rao Menon Desai Kulkarni Banerjee Chatterjee Singh Kaur Malik Qureshi "
        "Hussain Krishnan Venkatesh Joshi",
    ),
    "east_asian": _culture(
        "Wei Jing Mei Li Hao Xin Min-jun Ji-woo Soo-jin Hyun Kenji Yuki Haruka Takeshi Linh Minh Thuy Quang Trang "
        "Jasmine Kevin Grace Andy Vivian",
        "Chen Wang Zhang Liu Huang Lin Kim Park Choi Lee Tanaka Sato Yamamoto Ito Nguyen Tran Pham Le Vo Wu Hsu",
    ),
    "african": _culture(
        "Chinedu Amara Kwame Abena Tunde Ngozi Emeka Zuri Jabari Aisha Selam Dawit Thandiwe Sipho Fatou Moussa",
        "Okafor Adeyemi Mensah Boateng Diallo Traoré Bekele Tesfaye Nkosi Dlamini Eze Balogun Mwangi Otieno",
    ),
    "european": _culture(
        "Matthias Ingrid Lukas Annika Piotr Agnieszka Dmitri Olga Giulia Marco Chiara Hélène Étienne Sven Astrid "
        "Søren Zoltán Katarina Milan Ioana Andrei Nikos Eleni",
        "Müller Schneider Kowalska Nowak Ivanov Petrova Rossi Bianchi Dubois Lefèvre Lindqvist Bergström Sørensen "
        "Nagy Horvat Novák Popescu Papadopoulos van_der_Berg Janssen",
    ),
    "african_american": _culture(
        "Darnell Keisha Malik Latoya Terrence Monique Andre Tanisha Jerome Ebony Reggie Imani Curtis Jada Marquis",
        "Washington Jefferson Booker Freeman Gaines Hampton Mosley Pettway Rollins Stokes Tillman Battle Dorsey",
    ),
    "middle_eastern": _culture(
        "Layla Omar Yasmin Karim Nadia Hassan Leila Tariq Rania Samir Dina Youssef Shirin Dariush Noam Tamar",
        "Haddad Khoury Mansour Nasser Saleh Farouk Aziz Rahimi Tehrani Karimi Cohen Levi Mizrahi Demir Yilmaz",
    ),
}
CULTURE_SHARES: Final = (
    ("anglo", 0.38),
    ("latin", 0.23),
    ("south_asian", 0.10),
    ("east_asian", 0.09),
    ("african_american", 0.08),
    ("european", 0.05),
    ("african", 0.04),
    ("middle_eastern", 0.03),
)
OTHER_SCRIPTS: Final = (
    ("محمد العلي", "mohammed.alali"),
    ("ليلى حداد", "leila.haddad"),
    ("عمر منصور", "omar.mansour"),
    ("نور الدين صالح", "nour.saleh"),
    ("سارة الخطيب", "sara.alkhatib"),
    ("יעל כהן", "yael.cohen"),
    ("דניאל לוי", "daniel.levi"),
    ("נועה מזרחי", "noa.mizrahi"),
    ("مریم رحیمی", "maryam.rahimi"),
    ("王伟", "wei.wang"),
    ("李静", "jing.li"),
    ("김민준", "minjun.kim"),
    ("田中 遥", "haruka.tanaka"),
    ("Ольга Петрова", "olga.petrova"),
    ("Дмитрий Иванов", "dmitry.ivanov"),
    ("Ελένη Παπαδοπούλου", "eleni.papadopoulou"),
)
EMOJI: Final = ("🏡", "✨", "🌵", "🤘", "☀️", "🐾", "🎸", "💛")
MAIL_HOSTS: Final = ("example.com", "example.net", "example.org")
TEXAS_CODES: Final = _codes(
    "512 737 210 214 254 281 325 346 361 409 430 432 469 682 713 726 806 817 830 832 903 915 936 940 945 956 972 979"
)
OTHER_CODES: Final = _codes(
    "201 202 206 212 213 215 216 224 225 228 229 239 240 248 251 253 260 262 267 269 270 301 302 303 304 305 307 "
    "308 309 310 312 313 314 315 316 317 318 319 320 321 323 330 334 336 337 347 351 352 360 385 386 402 404 405 406 "
    "407 408 410 412 413 414 415 417 419 423 425 434 435 440 443 458 470 475 478 479 480 484 501 502 503 504 505 507 "
    "508 509 510 513 515 516 517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 575 580 585 586 601 602 "
    "603 605 606 607 608 609 610 612 614 615 616 617 618 619 620 623 626 630 631 636 641 646 650 651 657 660 661 662 "
    "678 701 702 703 704 706 707 708 712 714 715 716 717 718 719 720 724 727 731 732 734 740 747 754 757 760 763 765 "
    "770 772 773 774 775 781 785 786 801 802 803 804 805 808 810 812 813 814 815 816 818 828 831 843 845 847 848 850"
)
