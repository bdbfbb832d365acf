package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static final String ALPHABET = "ab,,,==.\\ \"'/é\n0";

    @Test
    void commasAreDoubled() {
        Options options =
                Options.of("driver", "file").text("filename", "/a,b,,c").flag("ro", true).build();

        assertThat(options.keyval()).isEqualTo("file,filename=/a,,b,,,,c,ro=on");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Options.Builder builder =
                    random.nextBoolean() ? Options.of("first", value(random)) : Options.named();
            for (int n = random.nextInt(5); n > 0; n--) {
                builder.text("k" + n, value(random)).number("n" + n, random.nextLong());
            }
            Options options = builder.build();

            assertThat(Options.parse(options.keyval(), "first"))
                    .as("seed %d", seed)
                    .isEqualTo(options.plain());
        }
    }

    @Test
    void jsonIsReadBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Options.Builder builder = Options.named();
            builder.text("a.b.c", value(random)).number("a.b.d", random.nextLong());
            builder.flag("a.e", random.nextBoolean()).text("f", value(random));
            Json.Obj json = builder.build().json();
            byte[] line = json.print().getBytes(StandardCharsets.UTF_8);

            assertThat(JsonText.parse(line, line.length)).as("seed %d", seed).isEqualTo(json);
        }
    }

    @Test
    void dotsNestInJson() {
        Options options =
                Options.named().text("file.driver", "file").text("file.filename", "/x").build();

        assertThat(options.json().print())
                .isEqualTo("{\"file\":{\"driver\":\"file\",\"filename\":\"/x\"}}");
    }

    @Test
    void namesAndCharactersThatQemuWouldMisreadAreRefused() {
        assertThatThrownBy(() -> Options.named().text("a,b", "x").build())
                .isInstanceOf(VmmException.class);
        assertThatThrownBy(() -> Options.named().text("a", "x\0y").build())
                .isInstanceOf(VmmException.class);
    }

    private static String value(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(8); n > 0; n--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
