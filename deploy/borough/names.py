"""Made-up names of several backgrounds, put together at random: no real person."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Background:
    """Family and given names that go together."""

    weight: int
    family: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]


def _background(weight: int, family: str, girls: str, boys: str) -> Background:
    return Background(weight, tuple(family.split()), tuple(girls.split()), tuple(boys.split()))


BACKGROUNDS = (
    _background(
        66,
        "Ashdown Brackley Carterby Dunmore Eastlake Farrowby Gallimore Hathersley Illsworth Jessopby Kettlewood Larkby "
        "Millerson Norbrook Oakhanger Pargeter Quillby Rowleyson Sedgwicke Tipperley Underhay Venables Wassell Yardby "
        "Attwell Bissell Cradleyson Darbyson Felloway Garratley Homerby Kinverson Lyeford Nockley Priestnall Raybould "
        "Shawcrossby Tromansley Wooldridgeby Wordsleyson",
        "Abigail Amelia Bethany Charlotte Daisy Ella Evie Freya Grace Hannah Imogen Isla Jessica Kayleigh Lacey Lily "
        "Megan Millie Olivia Phoebe Poppy Rosie Ruby Scarlett Skye Sophie Summer Tilly Willow Zara",
        "Alfie Archie Benjamin Callum Charlie Connor Daniel Dylan Ethan Finley Freddie George Harry Isaac Jack Jacob "
        "Jake Jayden Joshua Kian Leo Lewis Logan Mason Noah Oliver Oscar Reece Riley Toby",
    ),
    _background(
        12,
        "Ahsani Bashirov Chaudhrani Dariwal Fazalkar Ghafoori Hussainzai Iqbalani Javedkar Khalilzai Mahmoodi Nazirkar "
        "Qureshani Rafiqzai Saleemi Tariqani Usmankar Yaqoobi",
        "Aaliyah Aisha Amina Fatima Hafsa Hira Iqra Khadija Laiba Mariam Nadia Rabia Saima Sana Zainab Zoya",
        "Adeel Ahmed Bilal Faisal Hamza Haris Ibrahim Imran Kashif Muhammad Omar Rayan Saad Tariq Yusuf Zain",
    ),
    _background(
        8,
        "Atwali Bainswal Chahalkar Dhaliwani Gillhar Johalni Kangwal Mannhar Nijjarwal Purewani Sahotal Sandhwar "
        "Takharni Virkwal Patelkar Sharmani Mehtawal Desaikar",
        "Amrit Anjali Diya Gurleen Harleen Isha Jasleen Kavita Kiran Mehar Navneet Priya Ravneet Simran",
        "Aarav Arjan Armaan Dev Gurpreet Harjit Jaspal Karan Manvir Nikhil Rohan Sukhdeep Tejpal Vikram",
    ),
    _background(
        6,
        "Adebayor Baptistew Campbellson Darkoh Ekwuemeh Francisby Gyamfin Hylton-Brae Jarretty Kamarah Lawalson "
        "Mensahby Nwachukwah Okaforby Reidley Sesayo Thompsett Wrightley",
        "Abena Ade Chiamaka Denise Efua Folake Gabrielle Imani Keisha Naomi Ngozi Serena Shanice Temi",
        "Andre Chidi Darnell Emeka Jerome Kofi Kwame Malachi Obinna Reuben Tobi Tyrell Yaw Zion",
    ),
    _background(
        5,
        "Adamczuk Borowczyk Czarnotka Dabrowicz Jastrzebek Kaminskar Lewandok Nowaczka Popescul Ionescar Petrovik "
        "Sokolowicz Wisniewek Zielinkar Vasilescul Horvatik",
        "Agnieszka Alina Anastazja Elena Ioana Julia Kasia Lena Maja Mihaela Oliwia Zofia Zuzanna",
        "Adrian Aleksander Andrei Filip Ionut Jakub Kacper Lukasz Mateusz Mihai Piotr Stefan Wojtek",
    ),
    _background(
        3,
        "Abdiweli Bakriye Chenzhou Farahdin Haddadin Karimzadeh Linshan Mohamudey Nguyenh Phamthi Tesfayo Wongtai "
        "Warsamey Yildizer",
        "Ayaan Dalal Fowsia Hibo Leyla Linh Mei Nasrin Rahel Roza Selam Shirin Thuy Yan",
        "Abdi Bashir Dawit Emre Farid Guled Jun Karwan Minh Reza Samir Tesfa Wei Yonas",
    ),
)
_WEIGHTS = tuple(b.weight for b in BACKGROUNDS)


def background(rng: Random) -> Background:
    """A family's background, in about the shares of the borough."""
    return rng.choices(BACKGROUNDS, _WEIGHTS)[0]


def given(of: Background, girl: bool, rng: Random) -> str:
    """A given name."""
    return rng.choice(of.girls if girl else of.boys)


def practitioner(rng: Random) -> str:
    """The full name of somebody who works for a service."""
    of = background(rng)
    return f"{given(of, rng.random() < 0.8, rng)} {rng.choice(of.family)}"
