# SPDX-License-Identifier: Apache-2.0
"""The cleaners and coders that Debian has, and ours, each as one command line.

{in} is the page (JPEG), {out} what must be written, {tmp} a private folder, {dpi} the page's resolution, {bin} our programs;
{third} and {twelfth} are its size through 3 and 12, rounded up, which DjVu demands of its layers to the pixel.
`turns`: the page is straightened, so pixels move and ink cannot be compared place by place without the tool's own transform.
`angle`: finds in the tool's output the turn it saw, clockwise positive.
"""
import dataclasses
import re
import shutil


@dataclasses.dataclass
class Peer:
    name: str
    needs: str  # program that must be there
    kind: str  # PDF | picture | DjVu | angle
    extension: str
    command: str
    turns: bool = False
    ours: bool = False
    slow: bool = False  # reads text as well: only with --ocr
    angle: object = None


def number(pattern, sign=1.0):
    def find(output):
        found = re.search(pattern, output)
        return sign * float(found.group(1)) if found else None
    return find


TO_PPM = "djpeg {in} > {tmp}/p.ppm && "
MASK = TO_PPM + "convert {tmp}/p.ppm -colorspace gray -threshold 55% -density {dpi} {tmp}/m.pbm && "

PEERS = [
    Peer("quay, cleaned", "quayctl", "PDF", "pdf", "{bin}/quayctl clean {in} -o {out} --json {tmp}/report.json", turns=True, ours=True),
    Peer("quay, geometry kept", "quayctl", "PDF", "pdf",
         "{bin}/quayctl clean {in} -o {out} --json {tmp}/report.json --keep-geometry", ours=True),
    Peer("quay, cleaned, with text", "quayctl", "PDF", "pdf",
         "{bin}/quayctl clean {in} -o {out} --json {tmp}/report.json --ocr vie", turns=True, ours=True, slow=True),
    *[Peer(f"libjpeg-turbo q{q}", "cjpeg", "picture", "jpg", TO_PPM + f"cjpeg -quality {q} -optimize -outfile {{out}} {{tmp}}/p.ppm")
      for q in (75, 50, 25)],
    *[Peer(f"WebP q{q}", "cwebp", "picture", "webp", f"cwebp -quiet -q {q} {{in}} -o {{out}}") for q in (50, 20, 5)],
    *[Peer(f"AVIF q{q}", "avifenc", "picture", "avif",
           f"avifenc -j 1 -s 6 --min {low} --max {high} {{in}} {{out}}") for q, low, high in ((30, 40, 50), (15, 50, 60))],
    *[Peer(f"JPEG XL d{d}", "cjxl", "picture", "jxl", TO_PPM + f"cjxl --num_threads=0 -d {d} {{tmp}}/p.ppm {{out}}") for d in (4, 8)],
    Peer("DjVu MRC (cjb2, c44)", "cjb2", "DjVu", "djvu",
         MASK + "cjb2 -dpi {dpi} {tmp}/m.pbm {tmp}/m.djvu && djvuextract {tmp}/m.djvu Sjbz={tmp}/m.jb2 && "
         "convert {tmp}/p.ppm -scale {third}! {tmp}/bg.ppm && "
         "convert {tmp}/m.pbm -morphology Erode Square:2 -scale {third}! -threshold 99% {tmp}/paper.pbm && "
         "convert {tmp}/p.ppm -morphology Erode Square:1 -scale {twelfth}! {tmp}/fg.ppm && "
         "convert {tmp}/m.pbm -negate -scale {twelfth}! -threshold 15% {tmp}/ink.pbm && "
         "c44 -slice 74,89 -mask {tmp}/paper.pbm {tmp}/bg.ppm {tmp}/bg.djvu && "
         "c44 -slice 90 -mask {tmp}/ink.pbm {tmp}/fg.ppm {tmp}/fg.djvu && "
         "djvuextract {tmp}/bg.djvu BG44={tmp}/bg.iw4 && djvuextract {tmp}/fg.djvu BG44={tmp}/fg.iw4 && "
         "djvumake {out} INFO=,,{dpi} Sjbz={tmp}/m.jb2 FG44={tmp}/fg.iw4 BG44={tmp}/bg.iw4"),
    Peer("DjVu mask alone (cjb2, lossless)", "cjb2", "DjVu", "djvu", MASK + "cjb2 -dpi {dpi} {tmp}/m.pbm {out}"),
    Peer("unpaper + JPEG q75", "unpaper", "picture", "jpg",
         TO_PPM + "unpaper -q --overwrite --dpi {dpi} {tmp}/p.ppm {tmp}/u.ppm && cjpeg -quality 75 -outfile {out} {tmp}/u.ppm", turns=True),
    Peer("ImageMagick deskew, normalize, q75", "convert", "picture", "jpg",
         "convert {in} -deskew 40% -normalize -quality 75 -print '%[deskew:angle]\\n' {out}", turns=True,
         angle=number(r"(-?[\d.]+)", -1.0)),
    Peer("Leptonica skew, background, JPEG q50", "quay-bench-leptonica", "picture", "jpg", "{bin}/quay-bench-leptonica {in} {out}",
         turns=True, angle=number(r"angle (-?[\d.]+)")),
    Peer("OCRmyPDF -O3", "ocrmypdf", "PDF", "pdf", "ocrmypdf -q -l vie -O3 -j 1 --image-dpi {dpi} {in} {out}", slow=True),
    Peer("OCRmyPDF --deskew --clean -O1", "ocrmypdf", "PDF", "pdf",
         "ocrmypdf -q -l vie --deskew --clean-final -O1 -j 1 --image-dpi {dpi} {in} {out}", turns=True, slow=True),
]

DECODERS = {
    "pdf": "mutool draw -q -c rgb -r {dpi} -o {png} {file} 1",
    "djvu": "ddjvu -format=ppm -page=1 {file} {png}.ppm && convert {png}.ppm {png}",
    "webp": "dwebp -quiet {file} -o {png}",
    "avif": "avifdec {file} {png}",
    "jxl": "djxl {file} {png}",
    "jpg": "cp {file} {png}.jpg && djpeg {png}.jpg > {png}.ppm && convert {png}.ppm {png}",
}


def there(peer, binaries):
    return (binaries / peer.needs).exists() or shutil.which(peer.needs) is not None
