"""Names of places that need no context: states, and the larger cities of the United States.

The lists are modest on purpose: most places are recognised by how they are written about (``area.py``).
"""

from __future__ import annotations

from typing import Final

from core.features.text.vocabulary import lines_of, words_of

STATES: Final = lines_of("""
Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, Hawaii,
Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan,
Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico,
North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota,
Tennessee, Texas, Utah, Vermont, Virginia, West Virginia, Wisconsin, Wyoming, Puerto Rico
""")
STATE_CODES: Final = words_of("""
    al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok
    or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr
""")
CITIES: Final = lines_of("""
Abilene, Akron, Alameda, Albany, Albuquerque, Alexandria, Alhambra, Allen, Allentown, Alpharetta, Amarillo,
Anaheim, Anchorage, Ann Arbor, Antioch, Apex, Apple Valley, Appleton, Arlington, Arlington Heights, Arvada,
Asheville, Athens, Atlanta, Auburn, Augusta, Aurora, Austin, Avondale, Bakersfield, Baldwin Park, Baltimore,
Baton Rouge, Bayonne, Baytown, Beaumont, Beaverton, Bellevue, Bellflower, Bellingham, Bend, Bentonville,
Berkeley, Bethesda, Billings, Birmingham, Bismarck, Bloomington, Boca Raton, Boise, Bolingbrook, Boston,
Boulder, Bowling Green, Boynton Beach, Bradenton, Bridgeport, Brockton, Broken Arrow, Bronx, Brookline,
Brooklyn, Brownsville, Bryan, Buckeye, Buena Park, Buffalo, Burbank, Burlingame, Burlington, Camarillo,
Cambridge, Camden, Canton, Cape Coral, Carlsbad, Carmel, Carrollton, Carson City, Cary, Castle Rock,
Castro Valley, Cathedral City, Cedar Park, Cedar Rapids, Centennial, Champaign, Chandler, Chapel Hill,
Charleston, Charlotte, Chattanooga, Cherry Hill, Chesapeake, Cheyenne, Chicago, Chico, Chino, Chino Hills,
Chula Vista, Cicero, Cincinnati, Citrus Heights, Clarksville, Clearwater, Cleveland, Clifton, Clovis,
College Station, Colorado Springs, Columbia, Columbus, Compton, Concord, Conroe, Coral Gables, Coral Springs,
Corona, Corpus Christi, Corvallis, Costa Mesa, Covington, Cranston, Culver City, Cupertino, Dallas, Daly City,
Danbury, Davenport, Davis, Dayton, Daytona Beach, Dearborn, Decatur, Delray Beach, Deltona, Denton, Denver,
Des Moines, Detroit, Diamond Bar, Downey, Dripping Springs, Dublin, Duluth, Durham, East Orange, East Palo Alto,
Eau Claire, Edinburg, Edison, Edmond, El Cajon, El Cerrito, El Monte, El Paso, Elgin, Elizabeth, Elk Grove,
Encinitas, Escondido, Eugene, Evanston, Evansville, Everett, Fairfax, Fairfield, Fall River, Fargo,
Fayetteville, Federal Way, Flagstaff, Flint, Flower Mound, Fontana, Fort Collins, Fort Lauderdale, Fort Myers,
Fort Smith, Fort Wayne, Fort Worth, Foster City, Fountain Valley, Framingham, Franklin, Frederick, Fremont,
Fresno, Frisco, Fullerton, Gainesville, Gaithersburg, Galveston, Garden Grove, Garland, Gary, Gastonia,
Georgetown, Gilbert, Gilroy, Glendale, Goodyear, Grand Forks, Grand Junction, Grand Prairie, Grand Rapids,
Grapevine, Greeley, Green Bay, Greensboro, Greenville, Gresham, Gulfport, Hacienda Heights, Half Moon Bay,
Hammond, Hampton, Harlem, Harrisburg, Hartford, Haverhill, Hawthorne, Hayward, Hemet, Henderson, Hesperia,
Hialeah, High Point, Hillsboro, Hoboken, Hollywood, Honolulu, Houston, Huntersville, Huntington Beach,
Huntsville, Hutto, Idaho Falls, Independence, Indianapolis, Indio, Inglewood, Iowa City, Irvine, Irving,
Jackson, Jacksonville, Janesville, Jersey City, Johns Creek, Johnson City, Joliet, Jonesboro, Joplin,
Jurupa Valley, Kalamazoo, Kansas City, Katy, Kendall, Kenner, Kennewick, Kenosha, Kent, Killeen, Kirkland,
Kissimmee, Knoxville, Kyle, La Habra, La Jolla, La Mesa, Lafayette, Laguna Beach, Laguna Niguel, Lake Charles,
Lake Forest, Lake Havasu, Lake Oswego, Lakeland, Lakeville, Lakeway, Lakewood, Lancaster, Lansing, Laredo,
Largo, Las Cruces, Las Vegas, Lauderhill, Lawrence, Lawton, Layton, League City, Leander, Leesburg, Lehi,
Lewisville, Lexington, Lincoln, Little Rock, Livermore, Livonia, Lodi, Long Beach, Longmont, Longview,
Los Altos, Los Angeles, Los Gatos, Louisville, Loveland, Lowell, Lubbock, Lynchburg, Lynn, Lynnwood, Macon,
Madison, Malden, Malibu, Manchester, Manhattan, Manhattan Beach, Manteca, Maple Grove, Marietta, Marysville,
McAllen, McKinney, Medford, Melbourne, Memphis, Menifee, Menlo Park, Merced, Meridian, Mesa, Mesquite, Miami,
Miami Beach, Miami Gardens, Midland, Midwest City, Mill Valley, Milpitas, Milwaukee, Minneapolis, Minnetonka,
Miramar, Mission Viejo, Missoula, Missouri City, Mobile, Modesto, Montclair, Monterey, Monterey Park,
Montgomery, Moore, Moreno Valley, Morgan Hill, Mount Pleasant, Mountain House, Mountain View, Muncie,
Murfreesboro, Murrieta, Myrtle Beach, Nampa, Napa, Naperville, Naples, Nashua, Nashville, National City,
New Bedford, New Braunfels, New Haven, New Orleans, New Rochelle, New York, New York City, Newark,
Newport Beach, Newport News, Newton, Norfolk, Norman, North Charleston, North Las Vegas, North Miami,
North Port, Norwalk, Novato, Novi, Oak Lawn, Oak Park, Oakland, Oceanside, Ocala, Odessa, Ogden, Oklahoma City,
Olathe, Olympia, Omaha, Ontario, Orange, Orem, Orland Park, Orlando, Oshkosh, Overland Park, Owensboro, Oxnard,
Pacifica, Palatine, Palm Bay, Palm Beach Gardens, Palm Coast, Palm Desert, Palm Springs, Palmdale, Palo Alto,
Paradise, Park City, Parker, Pasadena, Pasco, Passaic, Paterson, Pearland, Pembroke Pines, Pensacola, Peoria,
Perris, Petaluma, Pflugerville, Pharr, Philadelphia, Phoenix, Pico Rivera, Pittsburg, Pittsburgh, Placentia,
Plainfield, Plano, Plantation, Pleasant Hill, Pleasanton, Plymouth, Pocatello, Pomona, Pompano Beach,
Port Arthur, Port Charlotte, Port Orange, Port St. Lucie, Portland, Portsmouth, Poway, Prosper, Providence,
Provo, Pueblo, Quincy, Racine, Raleigh, Rancho Cordova, Rancho Cucamonga, Rancho Palos Verdes, Rapid City,
Reading, Redding, Redlands, Redmond, Redondo Beach, Redwood City, Reno, Renton, Reston, Revere, Rialto,
Richardson, Richland, Richmond, Rio Rancho, Riverside, Roanoke, Rochester, Rochester Hills, Rock Hill, Rockford,
Rockville, Rockwall, Rocky Mount, Rogers, Rohnert Park, Rosemead, Roseville, Roswell, Round Rock, Rowlett,
Royal Oak, Sacramento, Saginaw, Salem, Salinas, Salt Lake City, San Angelo, San Antonio, San Bernardino,
San Bruno, San Carlos, San Clemente, San Diego, San Francisco, San Fran, San Jose, San Leandro, San Marcos,
San Mateo, San Rafael, San Ramon, Sandy, Sandy Springs, Sanford, Santa Ana, Santa Barbara, Santa Clara,
Santa Clarita, Santa Cruz, Santa Fe, Santa Maria, Santa Monica, Santa Rosa, Sarasota, Saratoga, Sausalito,
Savannah, Schaumburg, Scottsdale, Scranton, Seattle, Sebastopol, Shawnee, Sherman, Shoreline, Shreveport,
Silver Spring, Simi Valley, Sioux City, Sioux Falls, Skokie, Smyrna, Somerville, Sonoma, South Bend, South Gate,
South San Francisco, Southfield, Southlake, Spanish Fork, Sparks, Spartanburg, Spokane, Spokane Valley,
Spring Hill, Springdale, Springfield, St. Augustine, St. Charles, St. Cloud, St. George, St. Joseph, St. Louis,
St. Paul, St. Petersburg, Stamford, Staten Island, Sterling Heights, Stillwater, Stockton, Sugar Land,
Suisun City, Summerville, Sumter, Sunnyvale, Sunrise, Surprise, Syracuse, Tacoma, Tallahassee, Tampa,
Taylorsville, Tempe, Temecula, Temple, The Colony, The Woodlands, Thornton, Thousand Oaks, Tigard, Tinley Park,
Titusville, Toledo, Topeka, Torrance, Tracy, Trenton, Troy, Tucson, Tulare, Tulsa, Turlock, Tuscaloosa, Tustin,
Tyler, Union City, Upland, Urbana, Utica, Vacaville, Valdosta, Vallejo, Vancouver, Ventura, Vero Beach,
Victoria, Victorville, Virginia Beach, Visalia, Vista, Waco, Walnut Creek, Waltham, Warren, Warwick, Washington,
Washington DC, Waterbury, Waterloo, Watsonville, Waukegan, Waukesha, Weston, West Covina, West Des Moines,
West Hollywood, West Jordan, West Palm Beach, West Sacramento, West Valley City, Westfield, Westminster,
Weymouth, Wheaton, Whittier, Wichita, Wichita Falls, Wilmington, Winston-Salem, Winter Garden, Winter Park,
Woodbridge, Woodland, Worcester, Wylie, Yakima, Yonkers, Yorba Linda, Youngstown, Yuba City, Yuma, Bay Area,
East Bay, South Bay, North Bay, Silicon Valley, Wine Country, Hill Country, Twin Cities, Tri-Cities,
Inland Empire, Orange County, Marin County, Sonoma County, Napa Valley, Central Valley, Treasure Valley,
Research Triangle, Long Island, New England, Central Texas, North Texas, Southern California,
Northern California, Central Florida, South Florida
""")
SHORT_FORMS: Final = words_of("""
    sf nyc la dc atx dfw phx philly vegas nola socal norcal slc pdx oc
""")
"""Cities that go by letters; only taken after "in" and the like, or in capitals."""

ALSO_WORDS: Final = words_of("""
    allen apex auburn aurora bend bryan buffalo burlington carmel cary chandler charlotte chino columbia concord
    corona davis eugene elizabeth enterprise franklin frederick gary gilbert harlem hampton hammond henderson
    hollywood houston independence jackson kent kyle lincoln lancaster lawrence lynn madison mesa midland mobile
    moore newton norman orange ontario paradise parker phoenix plantation portland prosper providence reading
    riverside rogers salem sandy savannah sherman sparks sunrise surprise temple tracy troy tyler victoria vista
    warren washington weston woodland austin dallas denver orlando cleveland burbank carson clifton dayton
    camden everett hawthorne medford parma trenton quincy florence melbourne katy revere sterling
""")
"""Cities that are also a word or a person's name: never taken without capital or context."""
