package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SyscallNumberTest {
    @Test
    void theNumbersAreThoseOfTheKernelsHeaders() throws Exception {
        Path x86 = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        Path generic = Path.of("/usr/include/asm-generic/unistd.h");
        assumeTrue(
                Files.exists(x86) && Files.exists(generic),
                "needs the kernel's headers: package linux-libc-dev");
        Map<String, Integer> x86Numbers = numbers(x86);
        Map<String, Integer> genericNumbers = numbers(generic);

        for (SyscallNumber call : SyscallNumber.values()) {
            assertThat(call.on(Architecture.X86_64))
                    .as(call.title())
                    .isEqualTo(x86Numbers.get(call.title()));
            assertThat(call.on(Architecture.AARCH64))
                    .as(call.title())
                    .isEqualTo(genericNumbers.get(call.title()));
        }
    }

    @Test
    void otherArchitecturesAreRefusedByName() {
        assertThat(Architecture.of("aarch64")).isEqualTo(Architecture.AARCH64);
        assertThatThrownBy(() -> Architecture.of("riscv64"))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("riscv64");
    }

    @Test
    void errorNumbersHaveNamesAndTexts() {
        assertThat(Errno.of(13)).isEqualTo(Errno.EACCES);
        assertThat(Errno.EACCES.text()).isEqualTo("permission denied");
        assertThat(Errno.of(524)).isEqualTo(Errno.UNKNOWN);
        assertThat(new LinuxException("try it", 524))
                .hasMessage("try it: error 524")
                .extracting(LinuxException::number)
                .isEqualTo(524);
    }

    /** Lines like {@code #define __NR_read 0} or {@code #define __NR3264_fcntl 25}. */
    private static Map<String, Integer> numbers(Path header) throws Exception {
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : Files.readAllLines(header)) {
            String[] words = line.split("\\s+", -1);
            if (words.length >= 3 && words[1].startsWith("__NR") && words[2].matches("\\d+")) {
                numbers.putIfAbsent(
                        words[1].substring(words[1].indexOf('_', 2) + 1),
                        Integer.parseInt(words[2]));
            }
        }
        return numbers;
    }
}
